import type { Instant } from 'unexpired/core';
import type { SimulatedTime } from './time.ts';

/** The clocks of the device on which all tabs run. */
export interface SimulatedClocks {
  /** The error of the wall clock without its drift, ms. A change makes the clock jump. */
  skewMs: number;
  /** How fast the wall clock drifts, ms in 1000 s. A change does not make it jump. */
  driftPpm: number;
  readonly wall: () => number;
  /** Starts a clock at 0 that is exact and stands still while the device sleeps. */
  readonly startMonotonic: () => () => number;
  /** Records that the device has slept. */
  readonly slept: (ms: number) => void;
}

export function createClocks(time: SimulatedTime): SimulatedClocks {
  let driftPpm = 0;
  let driftStartedAt = time.now();
  let gainedMs = 0;
  let sleptMs = 0;
  const gained = () => gainedMs + ((time.now() - driftStartedAt) * driftPpm) / 1e6;
  const awakeMs = () => time.now() - sleptMs;

  const clocks: SimulatedClocks = {
    skewMs: 0,
    get driftPpm() {
      return driftPpm;
    },
    set driftPpm(ppm) {
      gainedMs = gained();
      driftStartedAt = time.now();
      driftPpm = ppm;
    },
    wall: () => time.now() + clocks.skewMs + Math.round(gained()),
    startMonotonic() {
      const openedAt = awakeMs();
      return () => awakeMs() - openedAt;
    },
    slept: (ms) => void (sleptMs += ms),
  };
  return clocks;
}

/** Reads both clocks. */
export function instantOf(clocks: SimulatedClocks, monotonic: () => number): Instant {
  return { wall: clocks.wall(), monotonic: monotonic() };
}
