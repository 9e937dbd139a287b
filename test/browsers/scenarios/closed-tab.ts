import { expect, it } from 'vitest';
import { sumOf, type Round } from '../support/result.ts';
import { FULL, type Setup } from '../support/engine-setup.ts';
import type { HarnessTab } from '../support/harness-tab.ts';
import type { BrowserProfile, ProfileOptions } from '../support/browser-profile.ts';

const TABS = 3;
const CALLS = 5;
const GRACE_MS = 10_000;

/** How many refreshes and reuses the server counts for the session in all. */
interface Expected {
  readonly refreshes: number;
  readonly reuses: number;
}

/** A tab that is closed during a refresh, at each of its phases. */
export function describeClosedTabs(setup: Setup): void {
  const close = async (profile: BrowserProfile, closing: HarnessTab) => {
    await profile.closeTab(closing);
    return callInRemainingTabs(setup, profile);
  };
  const check = (phase: string, round: Round, expected: Expected, note = '') => {
    setup.record(sumOf(setup.title, `tab closed: ${phase}`, [round], note));
    const calls = (TABS - 1) * CALLS;
    expect(round).toEqual({ ...expected, answers: calls, calls, lived: true });
  };

  it('the other tabs keep the session when a tab is closed while it waits for the refresh lock', async () => {
    const { profile, closing } = await revokeInThreeTabs(setup);
    await profile.first.ask('takeLock');
    await closing.ask('startBurst', 'last', 1);
    await profile.first.ask('untilLockWanted', 1);
    await profile.closeTab(closing);
    await profile.first.ask('freeLock');
    check('it waits for the lock', await callInRemainingTabs(setup, profile), { refreshes: 1, reuses: 0 });
  });

  it.runIf(FULL)('the other tabs keep the session when a tab is closed that holds the refresh lock and has sent no request', async () => {
    const { profile, closing } = await revokeInThreeTabs(setup);
    await closing.ask('setBreakpoint', 'request');
    await closing.ask('startBurst', 'last', 1);
    await closing.ask('untilAtBreakpoint');
    check('it holds the lock', await close(profile, closing), { refreshes: 1, reuses: 0 });
  });

  it('the other tabs keep the session when a tab is closed whose refresh request never reaches the API', async () => {
    const { profile, closing } = await revokeInThreeTabs(setup);
    const gate = setup.api.hold('before');
    await closing.ask('startBurst', 'last', 1);
    await gate.reached;
    check('its request is under way', await close(profile, closing), { refreshes: 1, reuses: 0 });
  });

  it('the other tabs keep the session when a tab is closed whose refresh request reaches the API after theirs, in the grace period', async () => {
    const { profile, closing } = await revokeInThreeTabs(setup, GRACE_MS);
    const gate = setup.api.hold('before');
    await closing.ask('startBurst', 'last', 1);
    await gate.reached;
    await profile.closeTab(closing);
    await callInRemainingTabs(setup, profile);
    gate.open();
    await gate.passed;
    setup.api.api.revokeAccessTokens();
    check('its request arrives late', await callInRemainingTabs(setup, profile, 'again'), { refreshes: 3, reuses: 0 }, 'theirs, the late one in the grace period, and a further one of theirs');
  });

  it('the other tabs keep the session when a tab is closed before the answer to its refresh arrives, in the grace period', async () => {
    const { profile, closing } = await revokeInThreeTabs(setup, GRACE_MS);
    const gate = setup.api.hold('after');
    await closing.ask('startBurst', 'last', 1);
    await gate.reached;
    check('its answer is lost, with grace', await close(profile, closing), { refreshes: 2, reuses: 0 }, 'the lost one, and theirs in the grace period');
    gate.open();
  });

  it('the other tabs end the session with rotation_lost when a tab is closed before the answer to its refresh arrives, without a grace period', async () => {
    const { profile, closing } = await revokeInThreeTabs(setup);
    const gate = setup.api.hold('after');
    await closing.ask('startBurst', 'last', 1);
    await gate.reached;
    const round = await close(profile, closing);
    gate.open();
    setup.record(sumOf(setup.title, 'tab closed: its answer is lost, no grace', [round], 'no tab has the new refresh token: rotation_lost'));
    expect(round).toMatchObject({ reuses: 1, lived: false });
    expect(await profile.askAll((tab) => tab.ask('seen'))).toMatchObject(profile.tabs.map(() => ({ status: 'signedOut', endReason: 'rotation_lost' })));
  });

  it('the other tabs adopt the tokens of a tab that is closed after it has stored and before it has announced them', async () => {
    const { profile, closing } = await revokeInThreeTabs(setup);
    await closing.ask('setBreakpoint', 'announcement');
    await closing.ask('startBurst', 'last', 1);
    await closing.ask('untilAtBreakpoint');
    check('its answer is stored, not announced', await close(profile, closing), { refreshes: 1, reuses: 0 });
  });
}

function revokeInThreeTabs(setup: Setup, reuseGraceMs = 0): Promise<{ profile: BrowserProfile; closing: HarnessTab }> {
  setup.api.renew({ reuseGraceMs });
  return openRevoked(setup);
}

/** Opens three tabs with one session and revokes its access token. The last tab is the one to be closed. */
export async function openRevoked(setup: Setup, options: ProfileOptions = {}): Promise<{ profile: BrowserProfile; closing: HarnessTab }> {
  const profile = await setup.openTabs(TABS, options);
  await profile.signIn();
  setup.api.api.revokeAccessTokens();
  const closing = profile.tabs.at(-1);
  if (!closing) throw new Error('There is no tab to close.');
  return { profile, closing };
}

/** Makes calls in the tabs that are left, and returns their results. */
export async function callInRemainingTabs({ api: { api } }: Setup, profile: BrowserProfile, name = 'remaining'): Promise<Round> {
  await profile.first.ask('runInAllTabs', [{ kind: 'burst', name, calls: CALLS }], profile.tabs.length - 1);
  const outcomes = await profile.askAll((tab) => tab.ask('burstOutcome', name));
  const seen = await profile.askAll((tab) => tab.ask('seen'));
  const session = api.sessions.at(-1);
  return {
    refreshes: session?.refreshes ?? 0,
    reuses: session?.reuses ?? 0,
    answers: outcomes.reduce((sum, { answered }) => sum + answered, 0),
    calls: profile.tabs.length * CALLS,
    lived: session?.alive === true && seen.every(({ status }) => status === 'signedIn'),
  };
}
