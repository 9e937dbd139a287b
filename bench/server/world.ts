import type { Codes } from './door.ts';
import { TokenFamily, type TokenAnswer, type TokenRules } from './family.ts';

/** The faults of a world's API. */
export interface Faults {
  /** How many of the next refreshes are answered 503. */
  refuse: number;
  /** Until when every refresh is answered 503, epoch ms. */
  refusesUntil: number;
  /** Until when every connection breaks, epoch ms. */
  unreachableUntil: number;
  /** By how much the answer to the next refresh is delayed after the token was rotated, ms. */
  hangMs: number;
}

/** The counts of a world's API. */
export interface Tally {
  /** Refresh requests. */
  refreshes: number;
  /** Calls with a token that was not valid. */
  rejected: number;
  /** Calls that were answered 200. */
  answered: number;
  /** All requests for data, with any answer. */
  sends: number;
}

/** One API with one session, shared by the pages of one browser profile. */
export interface World {
  readonly path: string;
  readonly rules: TokenRules;
  readonly faults: Faults;
  readonly tally: Tally;
  readonly family: TokenFamily;
  readonly codes: Codes;
  /** How long an answer to a call takes, ms. */
  latencyMs: () => number;
  /** @param nonce that of the authorization request, if the user signs in by redirect */
  signIn(nonce?: string): TokenAnswer;
}

/** How long a refresh and a call take by default, ms. */
export const REFRESH_MS = 60;
export const CALL_MS = 15;

/** Begins to count again. */
export function clearTally({ tally }: World): void {
  Object.assign(tally, { refreshes: 0, rejected: 0, answered: 0, sends: 0 } satisfies Tally);
}

export function createWorld(path: string, origin: string): World {
  const rules: TokenRules = { issuer: `${origin}${path}/`, lifetimeS: 3600 };
  const family = new TokenFamily(rules);
  return {
    path,
    rules,
    family,
    codes: new Map(),
    faults: { refuse: 0, refusesUntil: 0, unreachableUntil: 0, hangMs: 0 },
    tally: { refreshes: 0, rejected: 0, answered: 0, sends: 0 },
    latencyMs: () => CALL_MS,
    signIn: (nonce) => family.issue(nonce),
  };
}
