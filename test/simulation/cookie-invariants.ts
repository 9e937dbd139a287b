import { hasLostCookie, isBeyondControl, isInFlight, nextCookie, type JarRequest } from './jar-history.ts';
import { isRunning, mayBackOff, sidOf, WRITE_BACK_MS } from './history.ts';
import type { Invariant } from './invariant.ts';
import { isInCookie } from './token-place.ts';

const oneRequestOfTheJar: Invariant = {
  number: 1,
  name: 'at most one request that sends or sets the cookie of the refresh token is in flight, over all tabs',
  onJarRequest: (history, request) => {
    const { jar, scenario, cleared, factsOf } = history;
    // Without locks, only the notes in storage show the tabs each other's refreshes.
    if (!scenario.hasLocks && (request.kind !== 'refresh' || cleared.size > 0 || mayBackOff(history, request.exchange.sentAt))) return null;
    const isOfAnother = ({ sent }: JarRequest) => !scenario.hasLocks && factsOf(sent).sid !== factsOf(request.sent).sid;
    const others = jar.requests.filter((other) => other !== request && isInFlight(other) && !isOfAnother(other) && !isBeyondControl(history, other));
    return others.length === 0 ? null : `a ${request.kind} is sent while ${others.map(({ kind, exchange }) => `a ${kind} of ${request.exchange.sentAt - exchange.sentAt} ms before`).join(', ')} is in flight`;
  },
};

const noReplacedCookie: Invariant = {
  number: 2,
  name: 'a cookie that was replaced is never sent again',
  onJarRequest: (history, { sent }) => {
    const { refreshes, everStored, factsOf } = history;
    const rotated = refreshes.find(({ refreshToken, successor }) => sent !== '' && refreshToken === sent && everStored.has(successor ?? ''));
    return rotated && !hasLostCookie(history, factsOf(sent).sid) ? `it was replaced ${history.world.now() - (rotated.exchange.storedAt ?? 0)} ms before` : null;
  },
};

const presumedEnds: Invariant = {
  number: 3,
  name: 'no page is loading for ever',
  onStep: ({ isRecovered, clients, scenario }) => {
    if (!isRecovered || !isInCookie(scenario)) return null;
    const loading = clients.find((client) => isRunning(client) && client.disposedAt === null && client.snapshot.status === 'loading');
    return loading ? `${loading.tab.name} does not know whether a user is signed in` : null;
  },
};

const signOutOfTheJar: Invariant = {
  number: 6,
  name: 'after a sign-out no late answer brings its cookie back, and a page that loads later stays signed out',
  onJarAnswer: (history, request) => {
    const { jar, factsOf, scenario } = history;
    const next = nextCookie(request.exchange);
    if (!next || !scenario.hasLocks || !jar.removed.has(factsOf(next).sid) || isBeyondControl(history, request)) return null;
    return `a ${request.kind} brings the cookie of session ${factsOf(next).sid} back`;
  },
  onSnapshot: (history, client, before, after) => {
    const { intents, signOutCleared, storageFaultAt, scenario } = history;
    const sid = sidOf(history, after);
    if (sid === null || before.status !== 'loading' || !isInCookie(scenario) || signOutCleared.has(sid)) return null;
    const over = intents.find(({ kind, settledAt, failed, reached, before: ended }) => kind === 'signOut' && settledAt !== null && !failed && reached && ended.includes(sid) && settledAt < client.openedAt && storageFaultAt < settledAt);
    return over ? `${client.tab.name}, which was opened ${client.openedAt - (over.settledAt ?? 0)} ms after the sign-out, has session ${sid}` : null;
  },
};

/** How long a page waits at most until it sends what its app has asked for, ms. */
const LONGEST_TURN_MS = 60_000;

const visitorsCostLittle: Invariant = {
  number: 8,
  name: 'a visitor without a session costs at most one request over all tabs, and none without the hint',
  onJarRequest: (history, request) => {
    const { jar, scenario, storageFaultAt, disturbedAt } = history;
    const { isRestore, sent, exchange } = request;
    // The next page asks for an app whose tab was gone before the answer.
    const isUnanswered = !jar.requests.some((other) => other.isRestore && other.exchange.sentAt >= jar.askedAt && isAnswered(other.exchange));
    const isAsked = isUnanswered || exchange.sentAt - jar.askedAt < LONGEST_TURN_MS || disturbedAt >= jar.askedAt;
    if (!isRestore || sent !== '' || (isAsked && jar.askedAt > -Infinity)) return null;
    if (scenario.place.hasHint && !jar.wasHinted) return 'it has no hint';
    const earlier = jar.requests.find((other) => other !== request && other.isRestore && other.sent === '' && isAnswered(other.exchange) && other.exchange.sentAt > Math.max(storageFaultAt + WRITE_BACK_MS, jar.storageClearedAt));
    return earlier ? `the API has said ${exchange.sentAt - earlier.exchange.phaseAt} ms before that there is no session (HTTP ${earlier.exchange.status})` : null;
  },
};

/** Whether a page has read the answer that there is no session, and could store it. */
function isAnswered({ phase, status, sender }: { readonly phase: string; readonly status: number | null; readonly sender: { readonly isAlive: () => boolean; readonly isFrozen: () => boolean } }): boolean {
  return phase === 'delivered' && (status === 401 || status === 204) && sender.isAlive() && !sender.isFrozen();
}

const storageHasNoRefreshToken: Invariant = {
  number: 9,
  name: 'storage has no refresh token that is in a cookie',
  onStep: ({ scenario: { place }, world, refreshes }) => {
    if (place.refreshToken === 'page') return null;
    const stored = [...world.storage.values.values()].join('\n');
    const last = refreshes.at(-1);
    const secrets = [last?.refreshToken, last?.successor].filter(Boolean) as string[];
    return secrets.some((secret) => stored.includes(secret.slice(-20))) ? 'storage has a refresh token' : null;
  },
};

/** The same invariants for a refresh token that is in a cookie, which all tabs share. */
export const COOKIE_INVARIANTS: readonly Invariant[] = [oneRequestOfTheJar, noReplacedCookie, presumedEnds, signOutOfTheJar, visitorsCostLittle, storageHasNoRefreshToken];

