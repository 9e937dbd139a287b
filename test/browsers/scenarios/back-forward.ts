import { expect, it } from 'vitest';
import type { HarnessTab } from '../support/harness-tab.ts';
import { sumOf } from '../support/result.ts';
import type { Stage } from '../support/stage.ts';
import type { Visit } from '../support/visit.ts';
import { OVERNIGHT_MS } from './burst.ts';

const CALLS = 5;

/** A page that was left and is come back to, as it was where the engine keeps it so. */
export function describeBackAndForth(stage: Stage): void {
  it('has a fresh session again on the way back to a page, for one refresh', async () => {
    const visit = await stage.visit(1);
    const sessionId = await visit.signIn();
    const kept = await leave(visit, visit.first);
    stage.pass(OVERNIGHT_MS);
    await comeBack(visit.first);
    await visit.first.ask('untilSession', sessionId);
    await visit.first.ask('startBurst', 'back', CALLS);
    const { answered } = await visit.first.ask('burstOutcome', 'back');
    await visit.first.ask('untilUnlocked');

    const { counts, sessions, calls } = stage.api.api;
    const { refreshes, reuses } = counts;
    const lived = sessions.at(-1)?.alive === true;
    stage.note(sumOf(stage.title, 'away and back, token expired', [{ refreshes, reuses, answers: answered, calls: CALLS, lived }], await noteOf(visit.first, kept)));
    expect({ answered, refreshes, reuses, lived }).toEqual({ answered: CALLS, refreshes: 1, reuses: 0, lived: true });
    expect(calls.filter(({ errorCode }) => errorCode === 450)).toEqual([]);
  });

  it('adopts on the way back what another tab has refreshed meanwhile', async () => {
    const visit = await stage.visit(2);
    const [leaving, staying] = visit.tabs as [HarnessTab, HarnessTab];
    const sessionId = await visit.signIn();
    const kept = await leave(visit, leaving);
    stage.api.api.revokeAccessTokens();
    await staying.ask('startBurst', 'meanwhile', CALLS);
    await staying.ask('burstOutcome', 'meanwhile');
    await comeBack(leaving);
    await leaving.ask('untilSession', sessionId);
    await leaving.ask('startBurst', 'back', CALLS);
    const { answered } = await leaving.ask('burstOutcome', 'back');

    const { refreshes, reuses } = stage.api.api.counts;
    stage.note(sumOf(stage.title, 'away and back, refreshed elsewhere', [{ refreshes, reuses, answers: answered, calls: CALLS, lived: true }], await noteOf(leaving, kept)));
    expect({ answered, refreshes, reuses }).toEqual({ answered: CALLS, refreshes: 1, reuses: 0 });
  });

  it('is signed out on the way back when another tab has signed out meanwhile', async () => {
    const visit = await stage.visit(2);
    const [leaving, staying] = visit.tabs as [HarnessTab, HarnessTab];
    await visit.signIn();
    const kept = await leave(visit, leaving);
    await staying.ask('signOut');
    await comeBack(leaving);
    await leaving.ask('untilSession', null);
    stage.note(sumOf(stage.title, 'away and back, signed out elsewhere', [{ refreshes: 0, reuses: 0, answers: 0, calls: 0, lived: null }], await noteOf(leaving, kept)));
    expect(await leaving.ask('seen')).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
  });
}

/** Goes away; the load that was left is told for comparison. */
async function leave(visit: Visit, tab: HarnessTab): Promise<string> {
  await visit.gather();
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
