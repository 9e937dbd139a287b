import type { Instant } from 'unexpired/core';
import type { SimulatedTime } from './time.ts';

/** The clocks of the one device that all tabs run on. */
export interface SimulatedClocks {
  /** What the wall clock is wrong by, ms, drift aside; a change is a jump. */
  skewMs: number;
  /** What the wall clock gains, ms in 1000 s; a change is no jump. */
  driftPpm: number;
  readonly wall: () => number;
  /** A clock that started with the page, runs true and stands still while the device sleeps. */
  readonly startMonotonic: () => () => number;
  /** Counts sleep that has just passed. */
  readonly slept: (ms: number) => void;
}

export function createClocks(time: SimulatedTime): SimulatedClocks {
  let driftPpm = 0;
  let driftsSince = time.now();
  let gainedMs = 0;
  let sleptMs = 0;
  const gained = () => gainedMs + ((time.now() - driftsSince) * driftPpm) / 1e6;
  const awakeMs = () => time.now() - sleptMs;

  const clocks: SimulatedClocks = {
    skewMs: 0,
    get driftPpm() {
      return driftPpm;
    },
    set driftPpm(ppm) {
      gainedMs = gained();
      driftsSince = time.now();
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
