import { vi } from 'vitest';
import { patience } from './pace.ts';

/** Tries a claim again until it holds, and passes its last error on when it does not come to hold. */
export function eventually<T>(claim: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(claim, { timeout: patience(15_000) });
}
