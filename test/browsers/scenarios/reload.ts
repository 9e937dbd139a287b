import { expect, it } from 'vitest';
import { sumOf, type Round } from '../support/result.ts';
import { FEWER_ROUNDS, type Stage } from '../support/stage.ts';
import type { Visit } from '../support/visit.ts';
import { OVERNIGHT_MS } from './burst.ts';

const TABS = 8;
const CALLS = 3;

/** All tabs of a window that is restored: loaded at once, with a token that expired long ago. */
export function describeReloads(stage: Stage): void {
  it('refreshes once for all 8 tabs each time they are reloaded at once with an expired token', async () => {
    const visit = await stage.visit(TABS);
    await visit.signIn();
    const storms: Round[] = [];
    for (let storm = 0; storm < FEWER_ROUNDS; storm += 1) storms.push(await reloadAll(stage, visit));
    stage.note(sumOf(stage.title, '8 tabs reloaded at once', storms));
    expect(storms).toEqual(storms.map(() => ({ refreshes: 1, reuses: 0, answers: TABS * CALLS, calls: TABS * CALLS, lived: true })));
  });
}

async function reloadAll(stage: Stage, visit: Visit): Promise<Round> {
  const before = stage.api.api.counts;
  stage.pass(OVERNIGHT_MS); // The pages that are there do not notice: they are on their way out.
  await visit.reloadAll(CALLS);
  const outcomes = await visit.askAll((tab) => tab.ask('burstOutcome', 'load'));
  const seen = await visit.askAll((tab) => tab.ask('seen'));
  const { counts, sessions } = stage.api.api;
  return {
    refreshes: counts.refreshes - before.refreshes,
    reuses: counts.reuses - before.reuses,
    answers: outcomes.reduce((sum, { answered }) => sum + answered, 0),
    calls: TABS * CALLS,
    lived: sessions.at(-1)?.alive === true && seen.every(({ status }) => status === 'signedIn'),
  };
}
