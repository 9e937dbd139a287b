import type { Platform } from '../core/platform/platform.ts';

/** A smaller difference may be the time of the round trip, ms. */
const TOLERANCE_MS = 1000;

/** The clock of an instance, which follows that of the store. */
export interface StoreClock {
  /** The instance's platform, with the store's time as its wall clock. */
  readonly platform: Platform;
  /** Takes note of the store's time, epoch ms. */
  readonly follow: (at: number) => void;
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
  return {
    platform,
    follow(at) {
      const measured = at - own.now().wall;
      if (Number.isFinite(measured) && Math.abs(measured - offset) > TOLERANCE_MS) offset = measured;
    },
  };
}
