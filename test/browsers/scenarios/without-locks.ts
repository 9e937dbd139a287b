import { expect, it } from 'vitest';
import { sumOf } from '../support/result.ts';
import { FEWER_ROUNDS, type Stage } from '../support/stage.ts';
import type { VisitOptions } from '../support/visit.ts';
import { playRounds } from './burst.ts';

/** Pages without Web Locks: what happens is measured, and no more is promised than that every call settles. */
export function describeWithoutLocks(stage: Stage, scenario: string, options: VisitOptions): void {
  it(`settles every call of 8 tabs on a revoked token in ${scenario}, at a price that is measured`, async () => {
    const played = await playRounds(stage, FEWER_ROUNDS, options, (name) => {
      stage.api.api.revokeAccessTokens();
      return [{ kind: 'burst', name, calls: 20 }];
    });
    const once = played.filter(({ asked }) => asked === 1).length;
    const asked = played.reduce((sum, round) => sum + round.asked, 0);
    stage.note(sumOf(stage.title, `revoked, ${scenario}`, played, `asked for a refresh ${asked} times, just once in ${once} rounds`));
    expect(played.map(({ settled }) => settled)).toEqual(played.map(() => 160));
  });
}
