import type { Call, History, Login, Refresh } from './history.ts';
import { isRowLost, mayHaveTimedOut } from './session-times.ts';
import { stoppedMs, type Instance } from './instance.ts';

/** How often the owner of a lease extends it, ms. The lease lasts for a bit more than three times as long. */
const EXTEND_MS = 2000;

/** An instance that missed so much of its lease may have lost it, ms. */
const MISSED_MS = 4500;

/** Whether an instance ended without `close()`. */
function isKilled({ process, closedAt }: Instance): boolean {
  return !process.isAlive() && closedAt === null;
}

/** Whether an instance has ended. */
export function isGone({ process }: Instance): boolean {
  return !process.isAlive();
}

/**
 * Whether an attempt may have lost its lease although its instance did everything to keep it. The instance was stopped, or the
 * store refused to extend the lease, or a failover lost it.
 */
export function lostItsLease(history: History, { instance, exchange, notedAt, sid }: Refresh): boolean {
  const since = Math.max(notedAt, exchange.sentAt - MISSED_MS);
  const key = history.keys.get(sid);
  const missed = history.failedOperations.filter((failed) => failed.process === instance.process && failed.name === 'extend' && failed.key === key && failed.at >= since);
  if (missed.length * EXTEND_MS + stoppedMs(instance, since, history.world.now()) >= MISSED_MS) return true;
  return isRowLost(history, sid, since) || history.failovers.some(({ at, jumpMs }) => at >= since && jumpMs >= MISSED_MS);
}

/** Whether the store may lack the tokens of an answer although the instance did everything to store them. */
function mayBeUnstored(history: History, refresh: Refresh): boolean {
  const { instance, exchange, isUnreadable, sid } = refresh;
  if (isUnreadable || exchange.hangs || exchange.phase === 'failed' || exchange.phase === 'aborted') return true;
  if (isKilled(instance) || isRowLost(history, sid, exchange.sentAt) || lostItsLease(history, refresh)) return true;
  const key = history.keys.get(sid);
  return isGone(instance) && history.failedOperations.some((failed) => failed.process === instance.process && failed.key === key && failed.at >= exchange.sentAt);
}

/** Whether a refresh token is sent again, or at the same time, although the instance of the earlier refresh did everything to prevent that. */
export function isStranded(history: History, earlier: Refresh, later: Refresh): boolean {
  if (earlier.refreshToken !== later.refreshToken) return false;
  const { successor } = earlier;
  if (successor === null) return isInFlight(earlier) && lostItsLease(history, earlier);
  return !isStoredBefore(history, successor, later.notedAt) && mayBeUnstored(history, earlier);
}

/** Whether the store had a refresh token at a time. */
export function isStoredBefore({ storedAt }: History, token: string, at: number): boolean {
  return (storedAt.get(token) ?? Infinity) <= at;
}

/** A killed instance cannot hold back its request. A request that the network has lost is no longer in flight. */
export function isInFlight({ instance, exchange: { phase, hangs, isDone } }: Refresh): boolean {
  return instance.process.isAlive() && !hangs && !isDone && (phase === 'out' || phase === 'back');
}

/** Whether no instance can have the current refresh token of a session, so that the session is lost by nature. */
export function hasLostAnswer(history: History, sid: number): boolean {
  const { refreshes, storedAt, stranded } = history;
  return stranded.has(sid) || refreshes.some((refresh) => refresh.sid === sid && refresh.successor !== null && !storedAt.has(refresh.successor) && mayBeUnstored(history, refresh));
}

/** Whether a refresh token was sent that the server had not rotated. After the reuse of a former one, its refusal names no lost answer. */
export function hasSentCurrent({ refreshes }: History, sid: number): boolean {
  const rotated = new Set(refreshes.filter(({ successor }) => successor !== null).map(({ refreshToken }) => refreshToken));
  return refreshes.some((refresh) => refresh.sid === sid && !rotated.has(refresh.refreshToken));
}

/** Whether a session may be over: it was ended, the store has lost it, or the server has ended it. */
export function mayBeOver(history: History, login: Login): boolean {
  const { server, evicted, losses, intents } = history;
  if (mayHaveTimedOut(history, login)) return true;
  const endedBy = server.families[login.sid]?.endedBy;
  if (endedBy === 'server' || endedBy === 'reuse') return true; // Invariant 2 judges a reuse.
  if (evicted.has(login.key) || losses.some(({ change }) => change.key === login.key && change.kind === 'insert')) return true;
  return intents.some(({ ends, user, isSettled, resolvedAt }) => ends.includes(login) || (user === login.user && (!isSettled || (resolvedAt ?? Infinity) >= login.beganAt)));
}

/** Whether a failover has undone the end of a session. */
export function isEndLost({ losses }: History, { key }: Login, since: number): boolean {
  return losses.some(({ change, at }) => change.key === key && at >= since);
}

/** Whether nothing was wrong in the world for a while before a call, and during it. */
export function isCalm({ disturbedAt, revokedAt }: History, { at }: Call): boolean {
  return at - disturbedAt > 100_000 && revokedAt < at;
}
