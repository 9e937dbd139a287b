/** The simulation's step. */
export const TICK_MS = 100;

export const SECOND = 1000 / TICK_MS;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
