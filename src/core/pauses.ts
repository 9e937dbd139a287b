import type { Platform, Release } from './platform.ts';

/** Waits that all end at once when what they wait for is given up. */
export interface Pauses {
  readonly pause: (ms: number) => Promise<void>;
  readonly end: Release;
}

/** Creates waits on a platform's timers. */
export function createPauses(platform: Pick<Platform, 'setTimer'>): Pauses {
  const waiting = new Set<() => void>();
  let ended = false;
  return {
    pause: (ms) =>
      new Promise((resolve) => {
        if (ended) return resolve();
        const done = () => {
          release();
          waiting.delete(done);
          resolve();
        };
        const release = platform.setTimer(done, ms);
        waiting.add(done);
      }),
    end() {
      ended = true;
      for (const done of [...waiting]) done();
    },
  };
}
