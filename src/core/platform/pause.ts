import type { Platform } from './platform.ts';

/** Waits for some ms, or until the client is disposed. A wait in the background does not keep a process alive. */
export function pause(platform: Pick<Platform, 'setTimer'>, disposed: AbortSignal, ms: number, isBackground = false): Promise<void> {
  return new Promise((resolve) => {
    if (disposed.aborted) return resolve();
    const done = () => {
      release();
      disposed.removeEventListener('abort', done);
      resolve();
    };
    const release = platform.setTimer(done, ms, isBackground);
    disposed.addEventListener('abort', done);
  });
}
