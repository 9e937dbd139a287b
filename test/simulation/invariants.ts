import type { Exchange } from '../support/world.ts';
import { COOKIE_INVARIANTS } from './cookie-invariants.ts';
import { hasLostAnswer, hasStoredTooMuch, isDropped, isGone, isOfSomeTabs, isRunning, isSyncPending, isUncoordinated, isUnstored, mayBackOff, orderKnownAt, sidOf, storedSessions, type History, type Intent, type Refresh, type TabClient } from './history.ts';
import type { Invariant } from './invariant.ts';
import { isReplacedByStored, isSameSession } from './jar-history.ts';
import { isInCookie } from './token-place.ts';

/** The longest time that a call can take if timers run: two waits for a token, two slow answers and a body, ms. */
const LONGEST_CALL_MS = 60_000;

/** How long a sign-out takes at most to reach the other tabs, ms. */
const PROPAGATION_MS = 5000;

/** The shortest wait between a failure and the next attempt, ms. */
const BACKOFF_FLOOR_MS = 100;

/** How long a client waits for an answer of the token endpoint, ms. */
const TOKEN_DEADLINE_MS = 10_000;

/** How many attempts full jitter allows in a minute in the worst case. */
const MOST_ATTEMPTS_A_MINUTE = 20;

const oneRefresh: Invariant = {
  number: 1,
  name: 'at most one refresh request of a session is in flight, over all tabs',
  onRefresh: (history, refresh) => {
    const { sid, exchange } = refresh;
    if (isInCookie(history.scenario) || isUncoordinated(history, sid)) return null;
    const others = history.refreshes.filter((other) => other.sid === sid && other !== refresh && isInFlight(other) && !isGivenUp(history, other, refresh));
    return others.length === 0 ? null : `another refresh of session ${sid} was sent ${others.map((other) => ago(exchange, other.exchange)).join(', ')} before and is in flight`;
  },
};

/** How long other tabs wait for an attempt that may never report its outcome, ms. */
const LONGEST_ATTEMPT_MS = 25_000;

function isGivenUp({ cleared }: History, { sid, exchange, refreshToken }: Refresh, now: Refresh): boolean {
  const { sender } = exchange;
  const mayBeGivenUp = sender.isFrozen() || sender.throttleMs() > 0 || cleared.has(sid) || refreshToken !== now.refreshToken;
  return mayBeGivenUp && now.exchange.sentAt - exchange.sentAt > LONGEST_ATTEMPT_MS;
}

// A dead tab cannot hold back its request. A request that the network has lost is no longer in flight.
function isInFlight({ exchange: { phase, sender, hangs, isDone } }: Refresh): boolean {
  return sender.isAlive() && !hangs && !isDone && (phase === 'out' || phase === 'back');
}

const ago = (now: Exchange, then: Exchange) => `${now.sentAt - then.sentAt} ms`;

const noRotatedToken: Invariant = {
  number: 2,
  name: 'a refresh token that is known to be rotated is never sent again',
  onRefresh: (history, { exchange, refreshToken, sid }) => {
    const { refreshes, everStored } = history;
    if (isUncoordinated(history, sid) || isDropped(history, sid)) return null;
    const rotated = refreshes.find((other) => other.exchange !== exchange && other.refreshToken === refreshToken && other.successor !== null && isKnown(history, other));
    return rotated ? `it was rotated ${exchange.sentAt - rotated.exchange.phaseAt} ms before, and the new one was ${everStored.has(rotated.successor ?? '') ? 'stored' : 'received'}` : null;
  },
  onStep: (history) => {
    if (history.api.counts.reuses === 0) return null;
    const reused = history.api.sessions.filter(({ id, reuses }) => reuses > 0 && !hasLostAnswer(history, id) && !isUncoordinated(history, id) && !isDropped(history, id));
    return reused.length === 0 ? null : `the API received a rotated refresh token of session ${reused.map(({ id }) => id).join(', ')}`;
  },
};

/** Whether the new token was stored, or is in a client whose code can run and which is not disposed. */
function isKnown(history: History, refresh: Refresh): boolean {
  const { everStored, clients } = history;
  const { sid, successor, exchange } = refresh;
  if (isSyncPending(history, sid) || isUnstored(history, refresh)) return false;
  const receiver = clients.find((client) => client.tab.process === exchange.sender && isRunning(client) && client.disposedAt === null);
  return everStored.has(successor ?? '') || (exchange.phase === 'delivered' && receiver !== undefined);
}

const sessionsLast: Invariant = {
  number: 3,
  name: 'only a sign-out, another sign-in or a final answer about the current refresh token ends a session',
  onSnapshot: (history, { tab }, before, after) => {
    const ended = sidOf(history, before);
    const next = sidOf(history, after);
    if (ended === null || next === ended || mayEnd(history, ended) || (next !== null && isReplacedByStored(history, before.sessionId, ended, next))) return null;
    return `${tab.name} lost session ${ended} (now ${after.status}, ${after.endReason})`;
  },
  onStep: (history) => (history.isRecovered && !isChangeRecent(history) ? disagreement(history) : null),
};

function mayEnd(history: History, sid: number): boolean {
  if (history.endedByApi.has(sid) || hasLostAnswer(history, sid) || isUncoordinated(history, sid)) return true;
  const startedAt = history.startedAt.get(sid) ?? -Infinity;
  return history.intents.some((intent) => effectiveUntil(history, intent) >= startedAt && (intent.kind === 'signOut' || (intent.began !== null && intent.began !== sid)));
}

/**
 * Until when a sign-in or sign-out can still end another session. A sign-in that storage refused can end one until it
 * is stored. A sign-in that was cleared from storage can end one at any time, because a tab may write it back.
 */
function effectiveUntil(history: History, { began, settledAt }: Intent): number {
  if (began !== null && history.cleared.has(began)) return Infinity;
  return Math.max(settledAt ?? Infinity, orderKnownAt(history, settledAt), (began === null ? undefined : history.storedAt.get(began)) ?? -Infinity);
}

/** Whether the last answer, or the end of a session by its access token, was so recent that it may not have reached all tabs. */
function isChangeRecent({ world, refreshes, endedAt }: History): boolean {
  return world.now() - Math.max(refreshes.at(-1)?.exchange.phaseAt ?? -Infinity, endedAt) < PROPAGATION_MS;
}

/** Checks that every tab shows the stored session, and that a session that nothing has ended is still there. */
function disagreement(history: History): string | null {
  const open = history.clients.filter((client) => isRunning(client) && client.disposedAt === null);
  const shown = open.map(({ snapshot }) => sidOf(history, snapshot));
  const kept = storedSessions(history)[0]?.sid ?? null;
  // The next write fills a storage that was cleared. A tab that was opened in between does not have the session.
  const compared = (kept === null && history.isStorageEmpty) || isOfSomeTabs(history) ? shown.filter((sid) => sid !== null) : shown;
  const expected = kept ?? (history.isStorageEmpty ? (compared[0] ?? null) : null);
  if (compared.some((sid) => sid !== expected) && !isSameForClients(history, open)) return `the tabs show sessions ${shown.join(', ')}, but storage has ${kept}`;
  const lost = expected === null && !history.isStorageEmpty ? [...history.startedAt.keys()].filter((sid) => !mayEnd(history, sid) && !lostWithItsTab(history, sid)) : [];
  return lost.length === 0 ? null : `no tab has session ${lost.join(', ')} any more`;
}

/** Whether the tabs and storage have one session, although the API has another one since the same user got a cookie elsewhere. */
function isSameForClients(history: History, open: readonly TabClient[]): boolean {
  const ids = new Set([...open.map(({ snapshot }) => snapshot.sessionId), storedSessions(history)[0]?.sessionId ?? null]);
  return isInCookie(history.scenario) && ids.size === 1;
}

/** Whether storage was cleared or never had the session, and a tab that could have written it is gone. */
function lostWithItsTab({ cleared, clients, storedAt, scenario, deliveredBy, factsOf }: History, sid: number): boolean {
  if (!storedAt.has(sid)) return [...deliveredBy].some(([token, { sender }]) => factsOf(token).sid === sid && clients.some((client) => client.tab.process === sender && isGone(client)));
  return !isInCookie(scenario) && cleared.has(sid) && clients.some(isGone);
}

const callsSettle: Invariant = {
  number: 4,
  name: 'every call settles, with at most two sends, the second only after a rejection',
  onSend: (_history, { path, sends }, exchange) => {
    if (sends.length > 2) return `${path} is sent ${sends.length} times`;
    const [first] = sends;
    return first && first !== exchange && !(first.phase === 'delivered' && first.status === 401) ? `${path} is sent again after ${first.phase} ${first.status}` : null;
  },
  onStep: ({ world, calls, disturbedAt }) => {
    const overdue = calls.find((call) => call.outcome === 'pending' && isRunning(call.client) && world.now() - Math.max(call.at, disturbedAt) > LONGEST_CALL_MS);
    return overdue ? `${overdue.path} of ${overdue.client.tab.name} has not settled` : null;
  },
  onRejection: (history, { path, sid, at, code }) => {
    // Without locks a dead tab's attempt holds the others back for a while.
    if (code !== 'refresh_unavailable' || sid === null || !history.scenario.hasLocks || history.cleared.has(sid) || history.disturbedAt >= at || mayBackOff(history, at)) return null;
    if (at - history.onlineAt <= 5000) return null; // A tab that is online again reads storage first.
    if (isInCookie(history.scenario) && history.jar.requests.some(({ exchange }) => at - exchange.phaseAt < LONGEST_CALL_MS)) return null;
    const last = history.refreshes.findLast((refresh) => refresh.sid === sid);
    // An attempt whose answer came after the deadline is over when the answer is stored and has reached the other tabs. An answer
    // with only a refresh token is a failure, and the next attempt waits while the device is offline.
    const isAttempted = last && !([...history.deliveredBy.values()].includes(last.exchange) && last.successor !== null && last.exchange.phase === 'delivered' && last.exchange.phaseAt + PROPAGATION_MS < at && history.everStored.has(last.successor));
    return isAttempted ? null : `${path} is rejected without a token, but no tab has tried to refresh session ${sid}`;
  },
};

const usersAreSeparate: Invariant = {
  number: 5,
  name: 'no request of one user is sent with the token of another',
  onSend: (history, { path, sid, sends }, exchange) => {
    const sentAs = senderOf(history, exchange);
    if (sid !== null && !isSameSession(history, sid, sentAs)) return `${path} of session ${sid} is sent as session ${sentAs}`;
    const first = sends[0] ? senderOf(history, sends[0]) : sentAs;
    return isSameSession(history, first, sentAs) ? null : `${path} is sent as session ${first} and as session ${sentAs}`;
  },
};

const bearerOf = ({ authorization }: Exchange) => authorization?.replace(/^Bearer /, '') ?? '';

function senderOf({ factsOf }: History, exchange: Exchange): number {
  return factsOf(bearerOf(exchange)).sid;
}

const signOutLasts: Invariant = {
  number: 6,
  name: 'after a sign-out no tab holds or stores a token of that session, and none comes back',
  onSnapshot: (history, client, before, after) => {
    const sid = sidOf(history, after);
    if (sid === null || sidOf(history, before) === sid) return null;
    return signOutsOf(history, sid).some((intent) => intent.client === client) ? `session ${sid} is back in ${client.tab.name}` : null;
  },
  onStep: (history) => {
    if (!history.intents.some(isResolvedSignOut)) return null;
    const kept = storedSessions(history).map(({ sid }) => sid).find((sid) => signOutsOf(history, sid).length > 0);
    if (kept !== undefined) return `session ${kept} is still stored`;
    const holder = history.clients.find((client) => isRunning(client) && client.disposedAt === null && showsSignedOut(history, client));
    return holder ? `${holder.tab.name} still has session ${sidOf(history, holder.snapshot)}` : null;
  },
};

/** Whether it is a sign-out that resolved, in a tab that storage had answered at least once. */
function isResolvedSignOut({ kind, settledAt, failed, reached }: Intent): boolean {
  return kind === 'signOut' && settledAt !== null && !failed && reached;
}

/** Returns the resolved sign-outs of a session; none if they were cleared from storage before they reached every tab. */
const signOutsOf = ({ intents, signOutCleared }: History, sid: number) => (signOutCleared.has(sid) ? [] : intents.filter((intent) => isResolvedSignOut(intent) && intent.before.includes(sid)));

/** Whether a tab shows a session that was signed out in it, or in another tab long enough before. */
function showsSignedOut(history: History, client: TabClient): boolean {
  const sid = sidOf(history, client.snapshot);
  if (sid === null) return false;
  return signOutsOf(history, sid).some((intent) => intent.client === client || history.world.now() - Math.max(intent.settledAt ?? 0, history.disturbedAt) > PROPAGATION_MS);
}

const neverExpired: Invariant = {
  number: 7,
  name: 'no request is sent with an expired token',
  onSend: (history, { path }, exchange) => {
    const token = bearerOf(exchange);
    const { expiresAt, issuedAt } = history.factsOf(token);
    if (exchange.sentAt < expiresAt || isAgeUnknown(history, token, expiresAt - issuedAt)) return null;
    return `${path} is sent ${exchange.sentAt - expiresAt} ms after the token's expiry`;
  },
};

/**
 * Whether the client cannot measure the age of a token. Its answer took a large part of its life. Or the clock was set
 * back and the device slept during its life, so that the sleep is counted by neither clock.
 */
function isAgeUnknown({ deliveredBy, setBackAt, wokeAt }: History, token: string, lifetimeMs: number): boolean {
  const answer = deliveredBy.get(token);
  if (!answer) return false;
  const isBehind = setBackAt >= answer.sentAt && wokeAt >= answer.sentAt;
  return answer.phaseAt - answer.sentAt > lifetimeMs / 4 || isBehind;
}

const staysInBackoff: Invariant = {
  number: 8,
  name: 'while the token endpoint is down, attempts stay within the backoff, over all tabs',
  onRefresh: (history, { sid, exchange, refreshToken }) => {
    const since = Math.max(history.onlineAt, history.setForwardAt);
    const failures = history.refreshes.filter((other) => other.refreshToken === refreshToken && other.exchange !== exchange && isFailure(other.exchange) && !(isInCookie(history.scenario) && isFinal(other.exchange)));
    const last = failures.at(-1)?.exchange;
    if (!last || isUnshared(history, sid, exchange, last)) return null;
    // An attempt that was sent after the failed one replaces its failure.
    if (history.refreshes.some((other) => other.refreshToken === refreshToken && other.exchange !== exchange && other.exchange.sentAt > last.sentAt)) return null;
    const soonest = Math.max(failedAt(last) > since ? failedAt(last) + BACKOFF_FLOOR_MS : -Infinity, retryAfterEnd(last, history.setForwardAt));
    if (exchange.sentAt < soonest) return `the next attempt is sent ${exchange.sentAt - failedAt(last)} ms after a failure (${last.status ?? last.phase}, Retry-After ${last.retryAfter})`;
    if (isInCookie(history.scenario) && mayBackOff(history, exchange.sentAt)) return null; // Each tab has a backoff of its own.
    const lastMinute = failures.filter((other) => other.exchange.sentAt > Math.max(since, exchange.sentAt - 60_000));
    return lastMinute.length > MOST_ATTEMPTS_A_MINUTE ? `${lastMinute.length} attempts failed within a minute` : null;
  },
};

/** Whether another tab's failure was cleared from storage, or could not be stored. With a cookie each tab may then have a session of its own. */
function isUnshared({ storageFaultAt, disturbedAt, cleared, clients, scenario, jar }: History, sid: number, { sender, sentAt }: Exchange, last: Exchange): boolean {
  const isPresumed = [last.sentAt, sentAt].some((at) => at >= jar.storageClearedAt && at - jar.storageClearedAt < 1000); // Until a tab wrote its session back.
  if (isInCookie(scenario) && (isPresumed || (cleared.has(sid) && disturbedAt >= jar.storageClearedAt))) return true;
  if (last.sender === sender) return false;
  return cleared.has(sid) || (isInCookie(scenario) && Math.max(storageFaultAt, jar.storageClearedAt) >= last.sentAt) || (storageFaultAt >= last.sentAt && clients.some((client) => client.tab.process === last.sender && isGone(client)));
}

/** When the wait that `Retry-After` demands is over. */
function retryAfterEnd({ phase, phaseAt, retryAfter, sentAt }: Exchange, setForwardAt: number): number {
  if (phase !== 'delivered' || retryAfter === null || setForwardAt >= sentAt) return -Infinity;
  return phaseAt + Number(retryAfter) * 1000;
}

/** When the client counts the attempt as failed: at its deadline, although it still accepts a late answer. */
function failedAt({ phase, phaseAt, sentAt }: Exchange): number {
  return phase === 'aborted' ? Math.min(phaseAt, sentAt + TOKEN_DEADLINE_MS) : phaseAt;
}

/** Whether the attempt failed and its tab is alive, so that it could pass the failure on. */
function isFailure({ phase, status, answer, sender }: Exchange): boolean {
  if (!sender.isAlive()) return false;
  return phase === 'failed' || phase === 'aborted' || (phase === 'delivered' && (status !== 200 || !answer?.startsWith('{"data"')));
}

const isFinal = ({ status }: Exchange) => status === 204 || status === 400 || status === 401;

const noTokenLeaks: Invariant = {
  number: 9,
  name: 'no token is in a message, a warning or an error, and no access token in storage if each tab keeps its own',
  onText: ({ deliveredBy, refreshes }, text) => {
    const secrets = [...deliveredBy.keys(), ...refreshes.map(({ refreshToken }) => refreshToken)].filter(Boolean);
    return text.includes('eyJ') || secrets.some((secret) => text.includes(secret.slice(-20))) ? text.slice(0, 200) : null;
  },
  onStep: (history) => (hasStoredTooMuch(history) ? 'storage has an access token' : null),
};

const disposeReleasesAll: Invariant = {
  number: 10,
  name: 'a disposed client releases every listener, timer, channel and lock',
  onStep: ({ world, clients, disturbedAt }) => {
    for (const { tab, disposedAt } of clients) {
      if (disposedAt === null || !tab.process.isAlive()) continue;
      const { timers, channels, wakeListeners, locks } = tab.held();
      const isOverdue = world.now() - Math.max(disposedAt, disturbedAt) > LONGEST_CALL_MS;
      if (channels > 0 || wakeListeners > 0 || (isOverdue && timers + locks > 0)) return `${tab.name} still holds ${JSON.stringify(tab.held())}`;
    }
    return null;
  },
};

/** The ten invariants, numbered as in `storybook/docs/obligations.mdx`. */
export const INVARIANTS: readonly Invariant[] = [
  oneRefresh, noRotatedToken, sessionsLast, callsSettle, usersAreSeparate, signOutLasts, neverExpired, staysInBackoff, noTokenLeaks, disposeReleasesAll, ...COOKIE_INVARIANTS,
];
