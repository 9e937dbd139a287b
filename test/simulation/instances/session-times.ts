import type { Call, History, Login } from './history.ts';
import { stoppedMs } from './instance.ts';

/** How exactly an instance can know the store's clock: an answer of the store takes up to 8 s. */
const GRAIN_MS = 10_000;

/** Activity is written at most that often, ms. */
const WRITE_MS = 30_000;

/** Whether a failover has undone a write of a session since a time. */
export function isRowLost({ losses, keys }: History, sid: number, since: number): boolean {
  return losses.some(({ change, at }) => change.key === keys.get(sid) && at >= since);
}

/** Whether the store's clock has jumped in the life of a session. */
function hasClockJumped({ failovers }: History, { beganAt }: Login): boolean {
  return failovers.some(({ at, jumpMs }) => jumpMs !== 0 && at >= beganAt);
}

/** Whether the store must have the activity of an answered call. */
function isShared(history: History, { login, instance, at }: Call): boolean {
  const { process } = instance;
  if (!process.isAlive() || stoppedMs(instance, at, history.world.now()) > 0 || isRowLost(history, login.sid, at - WRITE_MS)) return false;
  return !hasFailedSince(history, { login, at: at - WRITE_MS });
}

/** Whether the store has failed to carry out or to answer an operation of a session since a time. */
export function hasFailedSince({ failedOperations }: History, { login, at }: Pick<Call, 'login' | 'at'>): boolean {
  return failedOperations.some((failed) => failed.key === login.key && failed.at >= at - GRAIN_MS);
}

/** When the last call of a session began that the store has as activity; `null` if that is unknown. */
function sharedActivity(history: History, login: Login): number | null {
  const shared = history.calls.filter((call) => call.login === login && call.outcome === 'answered' && isShared(history, call));
  return shared.at(-1)?.at ?? null;
}

/** Whether a session may be over, because it was idle, or because it has lasted for the longest time. */
export function mayHaveTimedOut(history: History, login: Login): boolean {
  return earlyMs(history, login, 'idle') <= 0 || earlyMs(history, login, 'expired') <= 0;
}

/** How long a session must still last, ms; `-Infinity` if that is unknown, `Infinity` if it has no limit. */
export function earlyMs(history: History, login: Login, reason: 'idle' | 'expired'): number {
  const { scenario: { limits }, world } = history;
  if (!limits) return Infinity;
  if (hasClockJumped(history, login)) return -Infinity;
  if (reason === 'expired') return login.beganAt + limits.maxSessionMs - GRAIN_MS - world.now();
  return (sharedActivity(history, login) ?? -Infinity) + limits.timeoutMs - WRITE_MS - GRAIN_MS - world.now();
}

/** How long a session was over when a call began, ms; negative if it may have lasted. */
export function lateMs(history: History, { login, at }: Call): number {
  const { scenario: { limits }, world, calls } = history;
  if (!limits || hasClockJumped(history, login)) return -Infinity;
  let activeAt = login.at;
  for (const other of calls) {
    if (other.login !== login || other.at >= at || other.at > activeAt + limits.timeoutMs + GRAIN_MS) continue;
    activeAt = Math.max(activeAt, other.settledAt ?? world.now());
  }
  return at - GRAIN_MS - Math.min(activeAt + limits.timeoutMs, login.at + limits.maxSessionMs);
}
