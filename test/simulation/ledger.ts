import type { AuthClient, AuthErrorCode, AuthSnapshot } from 'unexpired/core';
import type { BonfireApi } from 'unexpired/testing';
import type { Exchange, Tab, World } from '../support/world.ts';
import { createTokenReader, pairsIn, refreshTokenIn, type TokenFacts } from './token-facts.ts';
import type { Story } from './story.ts';
import type { KnownGaps } from './known-gaps.ts';

/** A tab with its client. */
export interface Actor {
  readonly tab: Tab;
  readonly auth: AuthClient;
  /** What its snapshot was last. */
  seen: AuthSnapshot;
  disposedAt: number | null;
}

/** A call of a story: for whom it was made, what was sent for it, and what came of it. */
export interface Call {
  readonly path: string;
  readonly actor: Actor;
  /** The API's number of the session it was made for; `null` when there was none yet. */
  readonly sid: number | null;
  readonly at: number;
  readonly sends: Exchange[];
  outcome: 'pending' | 'answered' | 'rejected';
  status?: number;
  /** What it was rejected for, when the client did so. */
  code?: AuthErrorCode;
}

/** A sign-in or sign-out that somebody asked for. */
export interface Intent {
  readonly kind: 'signIn' | 'signOut';
  readonly actor: Actor;
  /** The sessions there were when it was asked for, as the tab and the storage knew them. */
  readonly before: readonly number[];
  settledAt: number | null;
  failed: boolean;
  /** Whether storage had ever answered the tab by then. */
  reached: boolean;
  /** The session of the tokens that it got. */
  began: number | null;
}

/** A refresh on its way, with what it was for. */
export interface Refresh {
  readonly exchange: Exchange;
  readonly sid: number;
  readonly refreshToken: string;
  /** The refresh token in the answer. */
  successor: string | null;
}

/** All that has been observed of a world, for the invariants to judge. */
export interface Ledger {
  readonly story: Story;
  readonly gaps: KnownGaps;
  readonly world: World;
  readonly api: BonfireApi;
  readonly factsOf: (token: string) => TokenFacts;
  readonly actors: Actor[];
  readonly calls: Call[];
  readonly intents: Intent[];
  readonly refreshes: Refresh[];
  /** The exchange that brought an access token. */
  readonly broughtBy: Map<string, Exchange>;
  /** Every refresh token that storage has held since it was last cleared. */
  readonly everStored: Set<string>;
  /** When each session was first stored, or seen in a tab. */
  readonly sessions: Map<number, number>;
  /** When each session was first stored. */
  readonly storedAt: Map<number, number>;
  /** Sessions whose new tokens a frozen tab had, unstored, when another one had to ask again. */
  readonly frozenAway: Set<number>;
  /** Sessions that the API itself has ended. */
  readonly endedByApi: Set<number>;
  /** Sessions that had begun when storage was cleared. */
  readonly cleared: Set<number>;
  /** Signed-out sessions that some tab still had when storage was cleared; see invariant 6. */
  readonly forgotten: Set<number>;
  /** When the wall clock was last set back, and last set forward. */
  setBackAt: number;
  setForwardAt: number;
  /** When the device last woke from sleep. */
  sleptAt: number;
  /** When a tab was last told that it is online. */
  onlineAt: number;
  /** When storage last was anything but well. */
  unstorableAt: number;
  /** When storage last was anything but well, or some tab could not run freely. */
  troubledAt: number;
  /** Whether storage was emptied, and nothing has been stored since. */
  isCleared: boolean;
  /** Tells what happens, line by line. */
  readonly narrate: (line: string) => void;
  /** Whether everything works again, so that all has to come to a good end. */
  healed: boolean;
}

export function createLedger(parts: Pick<Ledger, 'story' | 'gaps' | 'world' | 'api' | 'narrate'>): Ledger {
  return {
    ...parts,
    factsOf: createTokenReader(),
    ...{ actors: [], calls: [], intents: [], refreshes: [] },
    ...{ broughtBy: new Map(), everStored: new Set(), sessions: new Map(), storedAt: new Map(), endedByApi: new Set(), cleared: new Set(), forgotten: new Set(), frozenAway: new Set() },
    ...{ setBackAt: -Infinity, setForwardAt: -Infinity, sleptAt: -Infinity, onlineAt: -Infinity, unstorableAt: -Infinity, troubledAt: -Infinity, isCleared: false, healed: false },
  };
}

/** Notes a request that is sent, or that has come further. */
export function noteExchange(ledger: Ledger, exchange: Exchange): void {
  const { pathname, search } = new URL(exchange.url);
  if (!pathname.endsWith('/oauth')) {
    const call = ledger.calls.find(({ path }) => (pathname + search).endsWith(path));
    if (call && !call.sends.includes(exchange)) call.sends.push(exchange);
  }
  const refreshToken = refreshTokenIn(exchange.body);
  if (refreshToken !== null && !ledger.refreshes.some((known) => known.exchange === exchange)) {
    ledger.refreshes.push({ exchange, sid: ledger.factsOf(refreshToken).sid, refreshToken, successor: null });
  }
  if (exchange.answer !== null) noteAnswer(ledger, exchange, exchange.answer);
}

function noteAnswer(ledger: Ledger, exchange: Exchange, answer: string): void {
  for (const pair of pairsIn(answer)) {
    ledger.broughtBy.set(pair.accessToken, exchange);
    const refresh = ledger.refreshes.findLast((known) => known.exchange === exchange);
    if (refresh) refresh.successor = pair.refreshToken;
  }
}

const lastRead = new WeakMap<Ledger, { readonly all: string; readonly pairs: ReturnType<typeof pairsIn> }>();

/** The tokens that storage holds. */
export function storedPairs(ledger: Ledger): ReturnType<typeof pairsIn> {
  const { storage, localArea } = ledger.world;
  const all = [...storage.values.values(), ...localArea.texts().values()].join('\n');
  const last = lastRead.get(ledger);
  if (last?.all === all) return last.pairs; // Asked at every step, and mostly in vain.
  const pairs = pairsIn(all);
  lastRead.set(ledger, { all, pairs });
  return pairs;
}

/** The API's number of the session that a snapshot shows, or `null`. */
export function sidOf(ledger: Ledger, { tokens }: AuthSnapshot): number | null {
  return tokens ? ledger.factsOf(tokens.accessToken).sid : null;
}

/** Whether the tab's code can run: it lives, and is not frozen. */
export function isRunning({ tab }: Actor): boolean {
  return tab.life.isAlive() && !tab.life.isFrozen();
}

/** That long after a trouble a tab may not have told the others yet what it knows alone, ms. */
const UNHEARD_MS = 1000;

/** Whether a tab may know alone, and have had no time to say: what storage had was cleared, or there are no locks to wait for. */
export function isUnheard({ story, world, cleared, troubledAt }: Ledger, sid: number): boolean {
  return (cleared.has(sid) || !story.hasLocks) && world.now() - troubledAt < UNHEARD_MS;
}

/**
 * Whether the answer of this session's rotation was lost with no grace period to get it again, or was cleared
 * from storage before the tab went that had it: then nobody can know the current refresh token, and the session
 * is lost by nature.
 */
export function hasLostAnswer({ story, refreshes, everStored, actors, frozenAway, cleared }: Ledger, sid: number): boolean {
  if (story.grace && !cleared.has(sid)) return false;
  if (frozenAway.has(sid)) return true;
  return refreshes.some((refresh) => {
    if (refresh.sid !== sid || everStored.has(refresh.successor ?? '')) return false;
    const { phase, sender, swallowed, status } = refresh.exchange;
    const isGone = actors.some(({ tab, disposedAt }) => tab.life === sender && (!sender.isAlive() || disposedAt !== null));
    // A dead tab's request that the next tab's has overtaken: the API takes it for a reuse.
    if (refresh.successor === null) return isGone && status === 400;
    return phase === 'failed' || phase === 'aborted' || swallowed || isGone;
  });
}
