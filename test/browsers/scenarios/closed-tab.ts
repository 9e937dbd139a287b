import { expect, it } from 'vitest';
import { sumOf, type Round } from '../support/result.ts';
import { FULL, type Stage } from '../support/stage.ts';
import type { HarnessTab } from '../support/harness-tab.ts';
import type { Visit } from '../support/visit.ts';

const TABS = 3;
const CALLS = 5;
const GRACE_MS = 10_000;

/** What the server grants to the session in all. */
interface Expected {
  readonly refreshes: number;
  readonly reuses: number;
}

/** A tab that is closed in the middle of a refresh, at each of its phases. */
export function describeClosedTabs(stage: Stage): void {
  const close = async (visit: Visit, victim: HarnessTab) => {
    await visit.closeTab(victim);
    return survive(stage, visit);
  };
  const check = (phase: string, played: Round, expected: Expected, note = '') => {
    stage.note(sumOf(stage.title, `tab closed: ${phase}`, [played], note));
    const calls = (TABS - 1) * CALLS;
    expect(played).toEqual({ ...expected, answers: calls, calls, lived: true });
  };

  it('goes on in the other tabs when a tab is closed while it waits for its turn to refresh', async () => {
    const { visit, victim } = await begin(stage);
    await visit.first.ask('takeLock');
    await victim.ask('startBurst', 'last', 1);
    await visit.first.ask('untilLockWanted', 1);
    await visit.closeTab(victim);
    await visit.first.ask('freeLock');
    check('it waits for the lock', await survive(stage, visit), { refreshes: 1, reuses: 0 });
  });

  it.runIf(FULL)('goes on in the other tabs when a tab is closed that holds the lock, its request not sent', async () => {
    const { visit, victim } = await begin(stage);
    await victim.ask('setBrake', 'request');
    await victim.ask('startBurst', 'last', 1);
    await victim.ask('untilBraked');
    check('it holds the lock', await close(visit, victim), { refreshes: 1, reuses: 0 });
  });

  it('goes on in the other tabs when a tab is closed whose request never reaches the API', async () => {
    const { visit, victim } = await begin(stage);
    const gate = stage.api.hold('before');
    await victim.ask('startBurst', 'last', 1);
    await gate.reached;
    check('its request is under way', await close(visit, victim), { refreshes: 1, reuses: 0 });
  });

  it('goes on in the other tabs when a tab is closed whose request reaches the API after theirs, in the grace period', async () => {
    const { visit, victim } = await begin(stage, GRACE_MS);
    const gate = stage.api.hold('before');
    await victim.ask('startBurst', 'last', 1);
    await gate.reached;
    await visit.closeTab(victim);
    await survive(stage, visit);
    gate.open();
    await gate.passed;
    stage.api.api.revokeAccessTokens();
    check('its request comes late', await survive(stage, visit, 'again'), { refreshes: 3, reuses: 0 }, 'theirs, the late one in the grace period, and another one of theirs');
  });

  it('goes on in the other tabs when a tab is closed before the API’s answer arrives, in the grace period', async () => {
    const { visit, victim } = await begin(stage, GRACE_MS);
    const gate = stage.api.hold('after');
    await victim.ask('startBurst', 'last', 1);
    await gate.reached;
    check('its answer is lost, with grace', await close(visit, victim), { refreshes: 2, reuses: 0 }, 'the lost one, and theirs in the grace period');
    gate.open();
  });

  it('has the session end as one whose rotation was lost in all tabs when that answer is lost and there is no grace period', async () => {
    const { visit, victim } = await begin(stage);
    const gate = stage.api.hold('after');
    await victim.ask('startBurst', 'last', 1);
    await gate.reached;
    const played = await close(visit, victim);
    gate.open();
    stage.note(sumOf(stage.title, 'tab closed: its answer is lost, no grace', [played], 'nobody has the new refresh token: rotation_lost'));
    expect(played).toMatchObject({ reuses: 1, lived: false });
    expect(await visit.askAll((tab) => tab.ask('seen'))).toMatchObject(visit.tabs.map(() => ({ status: 'signedOut', endReason: 'rotation_lost' })));
  });

  it('lets the other tabs adopt what a tab has stored that is closed before it tells them', async () => {
    const { visit, victim } = await begin(stage);
    await victim.ask('setBrake', 'announcement');
    await victim.ask('startBurst', 'last', 1);
    await victim.ask('untilBraked');
    check('its answer is stored, not announced', await close(visit, victim), { refreshes: 1, reuses: 0 });
  });
}

/** A session in three tabs whose access token is revoked; the last tab is the one to be closed. */
async function begin(stage: Stage, reuseGraceMs = 0): Promise<{ visit: Visit; victim: HarnessTab }> {
  stage.api.renew({ reuseGraceMs });
  const visit = await stage.visit(TABS);
  await visit.signIn();
  stage.api.api.revokeAccessTokens();
  const victim = visit.tabs.at(-1);
  if (!victim) throw new Error('There is no tab to close.');
  return { visit, victim };
}

/** What the tabs that are left make of it. */
async function survive({ api: { api } }: Stage, visit: Visit, name = 'survivors'): Promise<Round> {
  await visit.first.ask('conduct', [{ kind: 'burst', name, calls: CALLS }], visit.tabs.length - 1);
  const outcomes = await visit.askAll((tab) => tab.ask('burstOutcome', name));
  const seen = await visit.askAll((tab) => tab.ask('seen'));
  const session = api.sessions.at(-1);
  return {
    refreshes: session?.refreshes ?? 0,
    reuses: session?.reuses ?? 0,
    answers: outcomes.reduce((sum, { answered }) => sum + answered, 0),
    calls: visit.tabs.length * CALLS,
    lived: session?.alive === true && seen.every(({ status }) => status === 'signedIn'),
  };
}
