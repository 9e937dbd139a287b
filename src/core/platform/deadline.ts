import type { Platform } from './platform.ts';

/** The error of a task that missed its deadline. */
export class DeadlineExceeded extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Runs a task with a deadline.
 *
 * @param deadlineMs how long the task may take, ms; after that the result rejects with {@link DeadlineExceeded}
 * @param task gets a signal that aborts at the deadline
 */
export function withDeadline<T>(
  platform: Pick<Platform, 'setTimer'>,
  deadlineMs: number,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const expire = () => {
      const late = new DeadlineExceeded(`no answer within ${deadlineMs} ms`);
      reject(late);
      controller.abort(late);
    };
    // In two steps, so that a page that was frozen first gets the answers that arrived meanwhile.
    let release = platform.setTimer(() => (release = platform.setTimer(expire, deadlineMs / 2)), deadlineMs / 2);
    task(controller.signal)
      .then(resolve, reject)
      .finally(() => release());
  });
}
