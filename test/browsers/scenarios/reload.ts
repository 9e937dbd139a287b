import { expect, it } from 'vitest';
import { sumOf, type Round } from '../support/result.ts';
import { FEWER_ROUNDS, type Setup } from '../support/engine-setup.ts';
import type { BrowserProfile } from '../support/browser-profile.ts';
import { OVERNIGHT_MS } from './burst.ts';

const TABS = 8;
const CALLS = 3;

/** All tabs of a restored window, which load at the same time with a token that expired long ago. */
export function describeReloads(setup: Setup): void {
  it('8 tabs refresh once each time they are reloaded together with an expired token', async () => {
    const profile = await setup.openTabs(TABS);
    await profile.signIn();
    const rounds: Round[] = [];
    for (let round = 0; round < FEWER_ROUNDS; round += 1) rounds.push(await reloadAll(setup, profile));
    setup.record(sumOf(setup.title, '8 tabs reloaded at once', rounds));
    expect(rounds).toEqual(rounds.map(() => ({ refreshes: 1, reuses: 0, answers: TABS * CALLS, calls: TABS * CALLS, lived: true })));
  });
}

async function reloadAll(setup: Setup, profile: BrowserProfile): Promise<Round> {
  const before = setup.api.api.counts;
  setup.passTime(OVERNIGHT_MS); // The current pages do not use the new time, because they are about to be reloaded.
  await profile.reloadAll(CALLS);
  const outcomes = await profile.askAll((tab) => tab.ask('burstOutcome', 'load'));
  const seen = await profile.askAll((tab) => tab.ask('seen'));
  const { counts, sessions } = setup.api.api;
  return {
    refreshes: counts.refreshes - before.refreshes,
    reuses: counts.reuses - before.reuses,
    answers: outcomes.reduce((sum, { answered }) => sum + answered, 0),
    calls: TABS * CALLS,
    lived: sessions.at(-1)?.alive === true && seen.every(({ status }) => status === 'signedIn'),
  };
}
