import { AuthError } from '../core/model/auth-error.ts';
import type { Platform } from '../core/platform/platform.ts';

/** A smaller difference does not matter, ms. The shortest wait after a failure is ten times as long. */
const TOLERANCE_MS = 10;

/** The clock of an instance, which follows that of the store. */
export interface StoreClock {
  /** The instance's platform, with the store's time as its wall clock. */
  readonly platform: Platform;
  /**
   * Takes note of the store's time.
   *
   * @param at epoch ms
   * @param tookMs how long the request took whose answer has this time, ms; the store may have written it at any moment of that
   */
  readonly follow: (at: number, tookMs: number) => void;
  /** Settles as the task does, but `retryAt` of its error is by the device's clock, as `errorResponse` expects it. */
  readonly onDevice: <T>(task: Promise<T>) => Promise<T>;
}

/**
 * Creates the clock. A record states when its tokens arrived, so all instances must mean the same by a time, although the
 * clocks of their machines differ.
 */
export function createStoreClock(own: Platform): StoreClock {
  let offset = 0;
  const platform: Platform = {
    ...own,
    now() {
      const { wall, monotonic } = own.now();
      return { wall: wall + offset, monotonic };
    },
  };
  function byDevice(error: unknown): unknown {
    if (!AuthError.is(error) || error.retryAt === null || offset === 0) return error;
    const { code, message, transient, endReason, retryAt } = error;
    return new AuthError(code, message, { transient, endReason, retryAt: retryAt - offset });
  }

  return {
    platform,
    onDevice: (task) => task.catch((error: unknown) => {
      throw byDevice(error);
    }),
    follow(at, tookMs) {
      const measured = at - own.now().wall + tookMs / 2;
      if (Number.isFinite(measured) && Math.abs(measured - offset) > TOLERANCE_MS + tookMs / 2) offset = measured;
    },
  };
}
