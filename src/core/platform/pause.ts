import type { Platform } from './platform.ts';

/** Waits on a platform's timers, and no longer than the client lives. */
export function pause(platform: Pick<Platform, 'setTimer'>, life: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (life.aborted) return resolve();
    const done = () => {
      release();
      life.removeEventListener('abort', done);
      resolve();
    };
    const release = platform.setTimer(done, ms);
    life.addEventListener('abort', done);
  });
}
