import type { Platform } from '../platform/platform.ts';

/** Calls each listener; the trouble of one is its own: it is told to the page, and not to the others. */
export function notify<T>(platform: Pick<Platform, 'setTimer'>, listeners: Iterable<(event: T) => void>, event: T): void {
  for (const listener of [...listeners]) {
    try {
      listener(event);
    } catch (error) {
      platform.setTimer(() => {
        throw error;
      }, 0);
    }
  }
}
