import type { Platform } from './platform.ts';

/** Waits for some ms, or until the client is disposed. */
export function pause(platform: Pick<Platform, 'setTimer'>, disposed: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (disposed.aborted) return resolve();
    const done = () => {
      release();
      disposed.removeEventListener('abort', done);
      resolve();
    };
    const release = platform.setTimer(done, ms);
    disposed.addEventListener('abort', done);
  });
}
