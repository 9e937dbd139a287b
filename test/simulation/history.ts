import type { AuthClient, AuthErrorCode, AuthSnapshot } from 'unexpired/core';
import type { BonfireApi } from 'unexpired/testing';
import type { Exchange, Tab, World } from '../support/world.ts';
import { createJarHistory, hasLostCookie, nextCookie, sentCookie, type JarHistory } from './jar-history.ts';
import type { Scenario } from './scenario.ts';
import { createTokenReader, pairsIn, refreshTokenIn, type TokenFacts } from './token-facts.ts';
import { isInCookie } from './token-place.ts';

/** A tab with its client. */
export interface TabClient {
  readonly tab: Tab;
  readonly auth: AuthClient;
  /** The client's latest snapshot. */
  snapshot: AuthSnapshot;
  readonly openedAt: number;
  disposedAt: number | null;
}

/** A call of a scenario: the session it was made for, the requests that were sent for it, and its outcome. */
export interface Call {
  readonly path: string;
  readonly client: TabClient;
  /** The API's number of the session that the call was made for; `null` if there was none yet. */
  readonly sid: number | null;
  readonly at: number;
  readonly sends: Exchange[];
  outcome: 'pending' | 'answered' | 'rejected';
  status?: number;
  /** The error code, if the client rejected the call. */
  code?: AuthErrorCode;
}

/** A sign-in or sign-out that a user started. */
export interface Intent {
  readonly kind: 'signIn' | 'signOut';
  readonly client: TabClient;
  /** The sessions in the tab and in storage when it started. */
  readonly before: readonly number[];
  settledAt: number | null;
  failed: boolean;
  /** Whether storage had answered the tab at least once when it settled. */
  reached: boolean;
  /** The session of the tokens that a sign-in obtained, and when. */
  began: number | null;
  beganAt: number | null;
}

/** A refresh request, and the refresh token that it sent. */
export interface Refresh {
  readonly exchange: Exchange;
  /** The API's number of the session; -1 if no cookie was sent. */
  readonly sid: number;
  readonly refreshToken: string;
  /** The refresh token in the answer. */
  successor: string | null;
  /** Whether the API has answered with new tokens that cannot be read. */
  isUnreadable: boolean;
}

/** Everything that was observed in a world; the invariants are checked against it. */
export interface History {
  readonly scenario: Scenario;
  readonly world: World;
  readonly api: BonfireApi;
  readonly factsOf: (token: string) => TokenFacts;
  readonly clients: TabClient[];
  readonly calls: Call[];
  readonly intents: Intent[];
  readonly refreshes: Refresh[];
  /** The exchange that delivered each access token. */
  readonly deliveredBy: Map<string, Exchange>;
  readonly jar: JarHistory;
  /** Every refresh token that storage has held since it was last cleared, or that the browser has had in a cookie. */
  readonly everStored: Set<string>;
  /** The API's number of each session, by the id that the clients give it. */
  readonly sidBySession: Map<string, number>;
  /** When each session was first stored, or shown by a tab. */
  readonly startedAt: Map<number, number>;
  /** When each session was first stored. */
  readonly storedAt: Map<number, number>;
  /** Sessions whose new tokens only a frozen tab, or one without a working storage, had when another tab sent the old refresh token again. */
  readonly strandedInFrozenTab: Set<number>;
  /** When an app last called `refresh()`, by session. */
  readonly askedAgain: Map<number, number>;
  /** Sessions that the API itself has ended. */
  readonly endedByApi: Set<number>;
  /** Sessions that had started when storage was cleared. */
  readonly cleared: Set<number>;
  /** Signed-out sessions that came back beyond control: a tab still had one when the stored sign-out was cleared, or a late answer set its cookie. */
  readonly signOutCleared: Set<number>;
  /** When a tab or storage last showed that a session is over. */
  endedAt: number;
  /** When the wall clock was last set back, and last set forward. */
  setBackAt: number;
  setForwardAt: number;
  /** When the device last woke from sleep. */
  wokeAt: number;
  /** When a tab last got the event that the device is online. */
  onlineAt: number;
  /** When storage last failed or was slow. */
  storageFaultAt: number;
  /** When storage last failed or was slow, or a tab was frozen or throttled. */
  disturbedAt: number;
  /** Whether storage was cleared, and nothing has been stored since. */
  isStorageEmpty: boolean;
  /** Prints a line about what happens. */
  readonly trace: (line: string) => void;
  /** Whether all faults are over, so that every tab must work again. */
  isRecovered: boolean;
}

export function createHistory(parts: Pick<History, 'scenario' | 'world' | 'api' | 'trace'>): History {
  return {
    ...parts,
    factsOf: createTokenReader(),
    jar: createJarHistory(),
    ...{ clients: [], calls: [], intents: [], refreshes: [] },
    ...{ deliveredBy: new Map(), everStored: new Set(), sidBySession: new Map(), startedAt: new Map(), storedAt: new Map(), askedAgain: new Map(), endedByApi: new Set(), cleared: new Set(), signOutCleared: new Set(), strandedInFrozenTab: new Set() },
    ...{ endedAt: -Infinity, setBackAt: -Infinity, setForwardAt: -Infinity, wokeAt: -Infinity, onlineAt: -Infinity, storageFaultAt: -Infinity, disturbedAt: -Infinity, isStorageEmpty: false, isRecovered: false },
  };
}

/** Adds a request that is sent, or a new phase of one. */
export function addExchange(history: History, exchange: Exchange): void {
  const { pathname, search } = new URL(exchange.url);
  if (!pathname.endsWith('/oauth')) {
    const call = history.calls.find(({ path }) => (pathname + search).endsWith(path));
    if (call && !call.sends.includes(exchange)) call.sends.push(exchange);
  }
  const refreshToken = refreshTokenIn(exchange.body, isInCookie(history.scenario) ? sentCookie(exchange) : null);
  if (refreshToken !== null && !history.refreshes.some((known) => known.exchange === exchange)) {
    history.refreshes.push({ exchange, sid: history.factsOf(refreshToken).sid, refreshToken, successor: null, isUnreadable: false });
  }
  if (exchange.answer !== null) addAnswer(history, exchange, exchange.answer);
}

function addAnswer(history: History, exchange: Exchange, answer: string): void {
  const changed = history.refreshes.findLast((known) => known.exchange === exchange);
  if (changed) {
    changed.isUnreadable = answer.includes('"refresh":"');
    if (isInCookie(history.scenario)) changed.successor = nextCookie(exchange) || null;
    else changed.successor = /"attributes":\{"refresh_token":"([^"]+)"/.exec(answer)?.[1] ?? changed.successor;
  }
  for (const pair of pairsIn(answer)) {
    history.deliveredBy.set(pair.accessToken, exchange);
    const refresh = history.refreshes.findLast((known) => known.exchange === exchange);
    if (refresh && !isInCookie(history.scenario)) refresh.successor = pair.refreshToken;
  }
}

/** A session that storage holds. */
interface StoredSession {
  readonly sessionId: string;
  /** The API's number of the session. */
  readonly sid: number;
  /** Empty if each tab keeps its own. */
  readonly accessToken: string;
  /** `null` if the API has refused it; empty if it is in a cookie. */
  readonly refreshToken: string | null;
}

const lastRead = new WeakMap<History, { readonly all: string; readonly sessions: readonly StoredSession[] }>();

/** Returns the sessions that storage holds. */
export function storedSessions(history: History): readonly StoredSession[] {
  const texts = [...history.world.storage.values.values()];
  const all = texts.join('\n');
  const last = lastRead.get(history);
  if (last?.all === all) return last.sessions; // This runs after every timer, and storage has seldom changed.
  const sessions = texts.flatMap((text) => sessionIn(history, text));
  if (sessions.every(({ sid }) => sid >= 0)) lastRead.set(history, { all, sessions });
  return sessions;
}

interface StoredRecord {
  readonly session?: { readonly sessionId: string; readonly generation: number; readonly tokens: { readonly accessToken: string; readonly refreshToken?: string | { readonly in: 'cookie' } } };
}

function sessionIn({ factsOf, sidBySession }: History, text: unknown): StoredSession[] {
  const { session } = JSON.parse(typeof text === 'string' ? text : '{}') as StoredRecord;
  if (!session || session.generation === 0) return []; // It is presumed.
  const { sessionId, tokens } = session;
  const { accessToken } = tokens;
  const refreshToken = typeof tokens.refreshToken === 'object' ? '' : tokens.refreshToken ?? null;
  const token = accessToken || refreshToken;
  if (token) sidBySession.set(sessionId, factsOf(token).sid);
  return [{ sessionId, sid: sidBySession.get(sessionId) ?? -1, accessToken, refreshToken }];
}

/** Whether storage has an access token although each tab keeps its own. */
export function hasStoredTooMuch(history: History): boolean {
  return history.scenario.accessToken === 'memory' && storedSessions(history).some(({ accessToken }) => accessToken !== '');
}

/** Whether the stored session goes on only in tabs that keep an access token of it, because the API has refused its refresh token. */
export function isOfSomeTabs(history: History): boolean {
  return history.scenario.accessToken === 'memory' && storedSessions(history).some(({ refreshToken }) => refreshToken === null);
}

/** Returns the API's number of the session in a snapshot, or `null`. */
export function sidOf(history: History, { sessionId, tokens }: AuthSnapshot): number | null {
  if (tokens) return history.factsOf(tokens.accessToken).sid;
  return sessionId === null ? null : (history.sidBySession.get(sessionId) ?? -1);
}

/** Whether the tab's code can run: the tab is alive and not frozen. */
export function isRunning({ tab }: TabClient): boolean {
  return tab.process.isAlive() && !tab.process.isFrozen();
}

/** Whether the tab has ended, or its client is disposed. */
export function isGone({ tab, disposedAt }: TabClient): boolean {
  return !tab.process.isAlive() || disposedAt !== null;
}

/** For this long after a disturbance, a tab may have newer state that it has not yet passed on, ms. */
const SYNC_MS = 1000;

/** How long an operation of storage blocks a tab, if storage never answers it, ms. */
const SILENT_MS = 5000;

/**
 * Whether a tab may have newer state of a session that it could not pass on yet. This happens for a moment after storage
 * was cleared, or if there are no locks to wait for.
 */
export function isSyncPending({ scenario, world, cleared, disturbedAt, storageFaultAt }: History, sid: number): boolean {
  const until = Math.max(disturbedAt, storageFaultAt + SILENT_MS) + SYNC_MS;
  return (cleared.has(sid) || !scenario.hasLocks) && world.now() < until;
}

/** How long a tab may take to store its state after storage has failed, ms: the end of slow operations, the wait for its next retry, and that retry. */
export const WRITE_BACK_MS = 25_000;

/** Whether a tab may have new tokens that storage could not take yet. Without locks, no other tab can see that their refresh token is spent. */
export function isUnstored({ scenario, world, everStored, storageFaultAt }: History, { successor, exchange }: Refresh): boolean {
  return !scenario.hasLocks && !everStored.has(successor ?? '') && storageFaultAt >= exchange.phaseAt && world.now() < storageFaultAt + WRITE_BACK_MS;
}

/** The longest backoff, and how long a silent storage is waited for before it, ms. */
const LONGEST_BACKOFF_MS = 60_000 + 5000;

/**
 * Whether a tab may keep a backoff although no refresh token was sent. While storage fails, another tab may have
 * refreshed, so the tab must not try. After that failure it does not try while the device is offline, either.
 */
export function mayBackOff({ storageFaultAt, world }: History, at: number): boolean {
  return !world.online || at - storageFaultAt < LONGEST_BACKOFF_MS;
}

/**
 * Whether the tabs could not see each other's attempts, because the notes of them were cleared from storage.
 *
 * Without locks, the notes are the only way to see another tab's attempt. With locks, this lasts for a moment only.
 */
export function isUncoordinated(history: History, sid: number): boolean {
  return history.cleared.has(sid) && (!history.scenario.hasLocks || isSyncPending(history, sid));
}

/**
 * Whether the new tokens of a session were dropped, because another user had signed in meanwhile, and storage was cleared, too. A tab
 * that was frozen all the time can then see neither the sign-in nor the tokens.
 */
export function isDropped(history: History, sid: number): boolean {
  const { cleared, refreshes, everStored, clients } = history;
  return cleared.has(sid) && refreshes.some(({ sid: of, successor, exchange }) => {
    if (of !== sid || successor === null || everStored.has(successor) || exchange.phase !== 'delivered') return false;
    return clients.some(({ tab, snapshot }) => tab.process === exchange.sender && ![sid, null].includes(sidOf(history, snapshot)));
  });
}

/**
 * Whether no tab can have the current refresh token of a session, so that the session is lost by nature.
 *
 * The answer of a rotation was lost and the API has no grace period, or the answer was cleared from storage before
 * its tab went away. Or the answer could not be read, and the app has asked for another refresh since.
 */
export function hasLostAnswer(history: History, sid: number): boolean {
  const { scenario, refreshes, everStored, clients, strandedInFrozenTab, cleared, askedAgain } = history;
  if (isInCookie(scenario)) return hasLostCookie(history, sid);
  if (strandedInFrozenTab.has(sid) && (!scenario.hasGracePeriod || cleared.has(sid))) return true;
  return refreshes.some((refresh) => {
    if (refresh.sid !== sid || everStored.has(refresh.successor ?? '')) return false;
    // A grace period covers only the latest rotation.
    if (scenario.hasGracePeriod && !cleared.has(sid) && !refreshes.some(({ refreshToken }) => refreshToken === refresh.successor)) return false;
    const { phase, sender, hangs, status } = refresh.exchange;
    const wasClosed = clients.some((client) => client.tab.process === sender && isGone(client));
    if (refresh.isUnreadable) return wasClosed || phase === 'failed' || phase === 'aborted' || hangs || (askedAgain.get(sid) ?? -Infinity) >= refresh.exchange.sentAt;
    // The request of a dead tab arrived after the next tab's request, so the API treated it as a reuse.
    if (refresh.successor === null) return wasClosed && status === 400;
    return phase === 'failed' || phase === 'aborted' || hangs || wasClosed;
  });
}

/**
 * When storage could show a sign-in or sign-out to the other tabs, if the wall clock was set back. Before that, neither time
 * nor storage orders it.
 */
export function orderKnownAt({ setBackAt, storageFaultAt }: History, settledAt: number | null): number {
  return setBackAt !== -Infinity && settledAt !== null && storageFaultAt >= settledAt ? storageFaultAt : -Infinity;
}
