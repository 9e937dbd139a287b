import type { Platform } from './platform.ts';

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
