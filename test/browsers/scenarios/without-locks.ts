import { it } from 'vitest';
import { FEWER_ROUNDS, type Setup } from '../support/engine-setup.ts';
import type { ProfileOptions } from '../support/browser-profile.ts';
import { expectOneRefreshAfterRevocation } from './burst.ts';

/** Pages without Web Locks, where the attempt in the stored record makes the other tabs wait. */
export function describeWithoutLocks(setup: Setup, where: string, options: ProfileOptions): void {
  it(`8 tabs that make 20 calls each on a revoked token in ${where} refresh once, and every call is answered`, async () => {
    await expectOneRefreshAfterRevocation(setup, `revoked, ${where}`, FEWER_ROUNDS, options);
  });
}
