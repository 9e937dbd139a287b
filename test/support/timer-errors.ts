import type { Platform } from 'unexpired/core';

/** Collects the errors that timers throw, which a page reports as uncaught. */
export function collectTimerErrors<T extends Platform>(platform: T): { readonly platform: T; readonly errors: readonly unknown[] } {
  const errors: unknown[] = [];
  const setTimer: Platform['setTimer'] = (callback, delayMs) =>
    platform.setTimer(() => {
      try {
        callback();
      } catch (error) {
        errors.push(error);
      }
    }, delayMs);
  return { platform: { ...platform, setTimer }, errors };
}
