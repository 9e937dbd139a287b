import type { TokenAnswer } from './family.ts';
import { TokenFamily, type TokenRules } from './family.ts';

/** What goes wrong at a world's API. */
export interface Faults {
  /** So many refreshes are answered 503. */
  refuse: number;
  /** Every refresh is answered 503 until then, epoch ms. */
  refusesUntil: number;
  /** No connection holds until then, epoch ms. */
  unreachableUntil: number;
  /** The next refresh rotates the token, and its answer comes so much later, ms. */
  hangMs: number;
}

/** What a world's API has seen. */
export interface Tally {
  /** Refreshes asked for. */
  refreshes: number;
  /** Calls with a token that was no good. */
  rejected: number;
  /** Calls that were answered 200. */
  answered: number;
  /** All requests for data, whatever was answered. */
  sends: number;
}

/** One API and one session, as many pages of a browser see them. */
export interface World {
  readonly path: string;
  readonly rules: TokenRules;
  readonly faults: Faults;
  readonly tally: Tally;
  readonly family: TokenFamily;
  /** How long an answer to a call takes, ms. */
  latencyMs: () => number;
  signIn(): TokenAnswer;
}

/** How long a refresh takes, and a call unless a scenario says otherwise, ms. */
export const REFRESH_MS = 60;
export const CALL_MS = 15;

export function createWorld(path: string, origin: string): World {
  const rules: TokenRules = { issuer: `${origin}${path}/`, lifetimeS: 3600 };
  const family = new TokenFamily(rules);
  return {
    path,
    rules,
    family,
    faults: { refuse: 0, refusesUntil: 0, unreachableUntil: 0, hangMs: 0 },
    tally: { refreshes: 0, rejected: 0, answered: 0, sends: 0 },
    latencyMs: () => CALL_MS,
    signIn: () => family.issue(),
  };
}
