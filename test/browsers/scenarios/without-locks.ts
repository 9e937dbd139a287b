import { it } from 'vitest';
import { FEWER_ROUNDS, type Stage } from '../support/stage.ts';
import type { VisitOptions } from '../support/visit.ts';
import { endureRevocation } from './burst.ts';

/** Pages without Web Locks: the attempt that is noted in storage holds the other tabs back. */
export function describeWithoutLocks(stage: Stage, where: string, options: VisitOptions): void {
  it(`refreshes once when 8 tabs make 20 calls each on a revoked token in ${where}, and answers them all`, async () => {
    await endureRevocation(stage, `revoked, ${where}`, FEWER_ROUNDS, options);
  });
}
