import type { Exchange } from '../support/world.ts';
import type { History } from './history.ts';
import { isInCookie } from './token-place.ts';

/** A request that sends or sets the cookie of the refresh token. */
export interface JarRequest {
  readonly kind: 'refresh' | 'signIn' | 'signOut';
  readonly exchange: Exchange;
  /** The cookie that was sent; empty if there was none. */
  readonly sent: string;
  /** Whether the page did not know yet if a user is signed in. */
  readonly isRestore: boolean;
  /** Whether storage had the note of another tab's attempt when it was sent. */
  readonly isBehindNote: boolean;
}

/** What was observed of the cookie of the refresh token. */
export interface JarHistory {
  readonly requests: JarRequest[];
  /** Sessions whose cookie was replaced or removed by something that no tab controls. */
  readonly lost: Set<number>;
  /** Sessions whose cookie was replaced by the answer to a request, and the session that then began. */
  readonly replaced: { readonly sid: number; readonly next: number; readonly exchange: Exchange }[];
  /** Sessions whose cookie was removed by the answer to a sign-out. */
  readonly removed: Set<number>;
  /** The client's names of the sessions that storage has ever had. */
  readonly storedIds: Set<string>;
  /** Whether the hint cookie has ever been there. */
  wasHinted: boolean;
  /** When an app last called `restoreSession()`. */
  askedAt: number;
  /** When storage was last cleared. */
  storageClearedAt: number;
}

export function createJarHistory(): JarHistory {
  return { requests: [], lost: new Set(), replaced: [], removed: new Set(), storedIds: new Set(), wasHinted: false, askedAt: -Infinity, storageClearedAt: -Infinity };
}

const COOKIE = 'bonfire_refresh';
const PATHS: Readonly<Record<string, JarRequest['kind']>> = { '/v1/oauth': 'refresh', '/v1/oauth/bots': 'signIn', '/v1/oauth/sign-out': 'signOut' };

/** For this long the request of a dead tab may take, ms. Then other tabs no longer wait for it. It was noted a bit earlier than it was sent. */
const ORPHAN_MS = 7500;

/** How long other tabs wait for an attempt that may never report its outcome, ms. */
const LONGEST_ATTEMPT_MS = 25_000;

/** For this long after a fault of storage, a tab may not yet have stored its sign-in or sign-out, ms. Other tabs then keep their session. */
const STORING_MS = 15_000;

/** A tab that is alive has stored its sign-in this long after the answer, ms, if storage works. */
const STORED_WITHIN_MS = 1000;

/** Returns the refresh token that a request has in its cookie; empty if it has none. */
export function sentCookie({ cookies }: Exchange): string {
  return valueIn(cookies ?? '');
}

/** Returns the refresh token that an answer sets; empty if it removes the cookie, `null` if it changes nothing. */
export function nextCookie({ setCookies }: Exchange): string | null {
  const line = setCookies.find((text) => text.startsWith(`${COOKIE}=`));
  return line === undefined ? null : valueIn(line);
}

function valueIn(header: string): string {
  return new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(header)?.[1] ?? '';
}

/** Returns the API's number of the session whose cookie the browser has, or `null`. */
export function sidInJar({ world, factsOf }: History): number | null {
  const value = world.jar?.cookies.find(({ name }) => name === COOKIE)?.value;
  return value ? factsOf(value).sid : null;
}

/**
 * Returns the session in the cookie, if a sign-out in any tab ends it.
 *
 * No tab can order a sign-out after a session that was cleared from storage, or that storage never had while the clock was set back.
 */
export function sidToSignOut(history: History): number | null {
  const sid = sidInJar(history);
  const isUnordered = sid !== null && (history.cleared.has(sid) || (history.setBackAt !== -Infinity && !history.storedAt.has(sid)));
  return isUnordered ? null : sid;
}

/** Adds a request that is sent. Returns `null` if it concerns no cookie. */
export function addJarRequest(history: History, exchange: Exchange): JarRequest | null {
  const kind = PATHS[new URL(exchange.url).pathname];
  if (!kind || !isInCookie(history.scenario)) return null;
  const sender = history.clients.find(({ tab }) => tab.process === exchange.sender);
  const isRestore = kind === 'refresh' && sender?.auth.getSnapshot().status === 'loading';
  const request: JarRequest = { kind, exchange, sent: sentCookie(exchange), isRestore, isBehindNote: isOtherNoted(history, sender?.tab.name) };
  history.jar.requests.push(request);
  return request;
}

/** Whether storage has the note of an attempt of another tab. Its id begins with the name of its tab, and is called `asking` there. */
function isOtherNoted({ world }: History, name = ''): boolean {
  const [, noted] = /"asking":"([^"]*)"/.exec([...world.storage.values.values()].join('\n')) ?? [];
  return noted !== undefined && !noted.startsWith(`${name}-`);
}

/** Notes what an answer is about to do to the cookie. */
export function addAnswerCookies(history: History, exchange: Exchange): void {
  const { jar, factsOf } = history;
  const request = jar.requests.find((known) => known.exchange === exchange);
  const next = nextCookie(exchange);
  if (!request || next === null) return;
  const before = sidInJar(history);
  const isDisposed = history.clients.some(({ tab, disposedAt }) => tab.process === exchange.sender && disposedAt !== null);
  const isUncontrolled = !history.scenario.hasLocks || isDisposed || !exchange.sender.isAlive() || exchange.sender.isFrozen() || isBeyondControl(history, request) || exchange.sentAt - history.storageFaultAt < STORING_MS;
  if (before !== null && next !== '') jar.replaced.push({ sid: before, next: factsOf(next).sid, exchange });
  if (before !== null && (next === '' || factsOf(next).sid !== before) && isUncontrolled) jar.lost.add(before);
  if (next !== '') {
    history.everStored.add(next);
    jar.wasHinted = true;
    const { sid } = history.factsOf(next);
    if (isBeyondControl(history, request) && history.intents.some(({ kind, before }) => kind === 'signOut' && before.includes(sid))) history.signOutCleared.add(sid);
  } else if (request.kind === 'signOut' && request.sent !== '') {
    jar.removed.add(factsOf(request.sent).sid);
  }
}

/** Notes that the cookie is about to be replaced or removed by something other than the client. */
export function addForeignChange(history: History): void {
  for (const sid of history.startedAt.keys()) history.jar.lost.add(sid);
  const sid = sidInJar(history);
  if (sid !== null) history.jar.lost.add(sid);
}

/**
 * Whether the other tabs cannot wait for a request that is still in flight.
 *
 * Its client has given it up. Or its tab is dead, frozen or throttled, and the time that others wait for it is over. Or no lock and no
 * note shows them that it is in flight.
 */
export function isBeyondControl(history: History, { kind, exchange, isBehindNote }: JarRequest): boolean {
  const { scenario, world, jar, disturbedAt, storageFaultAt, setForwardAt, wokeAt } = history;
  const { sender, sentAt, phase } = exchange;
  const ageMs = world.now() - sentAt;
  if (phase === 'aborted' || (!scenario.hasLocks && (kind === 'signOut' || (kind === 'signIn' && isBehindNote) || ageMs > ORPHAN_MS))) return true;
  if (Math.max(disturbedAt, wokeAt) >= sentAt && ageMs > LONGEST_ATTEMPT_MS) return true;
  if (sender.isAlive()) return false;
  return kind === 'signOut' || ageMs > ORPHAN_MS || Math.max(storageFaultAt, setForwardAt, wokeAt, jar.storageClearedAt) >= sentAt;
}

/** Whether the network still has a request, or its answer. */
export function isInFlight({ exchange: { hangs, isDone } }: JarRequest): boolean {
  return !hangs && !isDone;
}

/**
 * Whether the browser cannot have the current cookie of a session. The answer of a rotation was lost, because the API of these worlds has
 * no grace period. Or something that no tab controls has changed the cookie. Or the tab of the next user was gone before it could store
 * that user's session.
 */
export function hasLostCookie({ jar, refreshes, everStored, strandedInFrozenTab, storedAt }: History, sid: number): boolean {
  if (jar.lost.has(sid) || strandedInFrozenTab.has(sid)) return true;
  if (jar.replaced.some(({ sid: of, next, exchange }) => of === sid && next !== sid && !exchange.sender.isAlive() && (storedAt.get(next) ?? Infinity) - exchange.phaseAt > STORED_WITHIN_MS)) return true;
  return refreshes.some(({ sid: of, successor, exchange: { isDone, hangs } }) => of === sid && successor !== null && !everStored.has(successor) && (isDone || hangs));
}

/** Whether two sessions of the API are one for the client. It goes on if the same user has got another cookie elsewhere. */
export function isSameSession({ api, jar, scenario }: History, one: number, other: number): boolean {
  return one === other || (isInCookie(scenario) && (jar.lost.has(one) || jar.lost.has(other)) && isSameUser(api, one, other));
}

/** Whether a tab gives up a session that storage has never had for the stored session of the same user. */
export function isReplacedByStored({ api, scenario, storedAt, jar }: History, sessionId: string | null, ended: number, next: number): boolean {
  return isInCookie(scenario) && !jar.storedIds.has(sessionId ?? '') && storedAt.has(next) && isSameUser(api, ended, next);
}

function isSameUser({ sessions }: History['api'], one: number, other: number): boolean {
  const userOf = (sid: number) => sessions.find(({ id }) => id === sid)?.botId;
  return userOf(one) === userOf(other);
}
