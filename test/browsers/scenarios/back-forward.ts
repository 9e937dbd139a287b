import { expect, it } from 'vitest';
import type { HarnessTab } from '../support/harness-tab.ts';
import { sumOf } from '../support/result.ts';
import type { Setup } from '../support/engine-setup.ts';
import type { BrowserProfile } from '../support/browser-profile.ts';
import { OVERNIGHT_MS } from './burst.ts';

const CALLS = 5;

/** A page that the user leaves and goes back to. Some engines restore it from the back/forward cache. */
export function describeBackAndForth(setup: Setup): void {
  it('a page that the user goes back to has a valid token after one refresh', async () => {
    const profile = await setup.openTabs(1);
    const sessionId = await profile.signIn();
    const kept = await leave(profile, profile.first);
    setup.passTime(OVERNIGHT_MS);
    await comeBack(profile.first);
    await profile.first.ask('untilSession', sessionId);
    await profile.first.ask('startBurst', 'back', CALLS);
    const { answered } = await profile.first.ask('burstOutcome', 'back');
    await profile.first.ask('untilUnlocked');

    const { counts, sessions, calls } = setup.api.api;
    const { refreshes, reuses } = counts;
    const lived = sessions.at(-1)?.alive === true;
    setup.record(sumOf(setup.title, 'away and back, token expired', [{ refreshes, reuses, answers: answered, calls: CALLS, lived }], await noteOf(profile.first, kept)));
    expect({ answered, refreshes, reuses, lived }).toEqual({ answered: CALLS, refreshes: 1, reuses: 0, lived: true });
    expect(calls.filter(({ errorCode }) => errorCode === 450)).toEqual([]);
  });

  it('a page that the user goes back to adopts the tokens that another tab has refreshed', async () => {
    const profile = await setup.openTabs(2);
    const [leaving, staying] = profile.tabs as [HarnessTab, HarnessTab];
    const sessionId = await profile.signIn();
    const kept = await leave(profile, leaving);
    setup.api.api.revokeAccessTokens();
    await staying.ask('startBurst', 'meanwhile', CALLS);
    await staying.ask('burstOutcome', 'meanwhile');
    await comeBack(leaving);
    await leaving.ask('untilSession', sessionId);
    await leaving.ask('startBurst', 'back', CALLS);
    const { answered } = await leaving.ask('burstOutcome', 'back');

    const { refreshes, reuses } = setup.api.api.counts;
    setup.record(sumOf(setup.title, 'away and back, refreshed elsewhere', [{ refreshes, reuses, answers: answered, calls: CALLS, lived: true }], await noteOf(leaving, kept)));
    expect({ answered, refreshes, reuses }).toEqual({ answered: CALLS, refreshes: 1, reuses: 0 });
  });

  it('a page that the user goes back to is signed out if another tab has signed out', async () => {
    const profile = await setup.openTabs(2);
    const [leaving, staying] = profile.tabs as [HarnessTab, HarnessTab];
    await profile.signIn();
    const kept = await leave(profile, leaving);
    await staying.ask('signOut');
    await comeBack(leaving);
    await leaving.ask('untilSession', null);
    setup.record(sumOf(setup.title, 'away and back, signed out elsewhere', [{ refreshes: 0, reuses: 0, answers: 0, calls: 0, lived: null }], await noteOf(leaving, kept)));
    expect(await leaving.ask('seen')).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
  });
}

/** Leaves the page, and returns its load id for comparison. */
async function leave(profile: BrowserProfile, tab: HarnessTab): Promise<string> {
  await profile.collect();
  const load = await tab.ask('loadId');
  await tab.goTo('/away');
  return load;
}

async function comeBack(tab: HarnessTab): Promise<void> {
  await tab.goBack('/page');
  await tab.untilLoaded();
}

async function noteOf(tab: HarnessTab, load: string): Promise<string> {
  return (await tab.ask('loadId')) === load ? `kept as it was (pageshow persisted: ${await tab.ask('returns')})` : 'loaded anew';
}
