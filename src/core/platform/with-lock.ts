import type { Platform, Release } from './platform.ts';

/**
 * Runs a task while this tab holds a lock.
 *
 * If there are no locks, or the client is disposed during the wait, the task runs without it.
 *
 * @param turnMs how long to wait for one holder, ms; after that it counts as dead
 */
export function withLock<T>(platform: Pick<Platform, 'locks'>, name: string, turnMs: number, disposed: AbortSignal, task: () => Promise<T>): Promise<T> {
  let entered: Promise<T> | null = null;
  const enter = () => (entered = task());
  return (platform.locks?.hold(name, turnMs, enter, disposed) ?? Promise.reject()).catch(() => entered ?? task());
}

/**
 * Takes a lock, and resolves to the function that releases it.
 *
 * If there are no locks, or the client is disposed during the wait, it resolves without the lock.
 */
export function takeLock(platform: Pick<Platform, 'locks'>, name: string, turnMs: number, disposed: AbortSignal): Promise<Release> {
  return new Promise((taken) => void withLock(platform, name, turnMs, disposed, () => new Promise<void>(taken)));
}
