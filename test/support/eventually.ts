import { vi } from 'vitest';
import { patience } from './pace.ts';

/** Tries a claim again until it holds, and rethrows its last error if it does not hold in time. */
export function eventually<T>(claim: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(claim, { timeout: patience(15_000) });
}
