import type { Platform } from './platform.ts';

/** Something took longer than it may. */
export class DeadlineExceeded extends Error {}

/**
 * Runs a task that must settle in time.
 *
 * @param deadlineMs after that the result is a rejection with {@link DeadlineExceeded}
 * @param task gets a signal that is aborted at the deadline
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
    // In two steps: a page that was frozen shall hear the answers that waited for it before it gives them up.
    let release = platform.setTimer(() => (release = platform.setTimer(expire, deadlineMs / 2)), deadlineMs / 2);
    task(controller.signal)
      .then(resolve, reject)
      .finally(() => release());
  });
}
