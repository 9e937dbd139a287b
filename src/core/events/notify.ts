import type { Platform } from '../platform/platform.ts';

/** Calls each listener. An error of one is reported as an uncaught error; the others still run. */
export function notify<T>(platform: Pick<Platform, 'report'>, listeners: Iterable<(event: T) => void>, event: T): void {
  for (const listener of [...listeners]) {
    try {
      listener(event);
    } catch (error) {
      platform.report(error);
    }
  }
}
