import { expect, it } from 'vitest';
import type { Command } from '../harness/harness.ts';
import type { BrowserProfile } from '../support/browser-profile.ts';
import type { Setup } from '../support/engine-setup.ts';
import type { HarnessTab } from '../support/harness-tab.ts';
import { sumOf } from '../support/result.ts';

const TABS = 3;
const CALLS = 4;
const IDLE_MS = 15 * 60_000;
const OPTIONS = { idleMs: String(IDLE_MS) };

/** A session that ends without activity. The clocks of all pages jump, as over a laptop's sleep. */
export function describeIdleSessions(setup: Setup): void {
  it('an idle session ends in all tabs after sleep, and no call of it reaches the API', async () => {
    const profile = await openIdle(setup);
    await sleep(setup, profile, 8 * 3_600_000, [{ kind: 'burst', name: 'morning', calls: CALLS }]);
    await profile.askAll((tab) => tab.ask('untilSession', null));
    const outcomes = await profile.askAll((tab) => tab.ask('burstOutcome', 'morning'));
    // Bonfire takes a GET without a user. Such a call has no access token.
    expect(setup.api.api.calls.filter(({ path, botId }) => path.includes('burst=morning') && botId)).toEqual([]);
    expect(outcomes.flatMap(({ users }) => users)).toEqual([]);
    expect(await profile.askAll((tab) => tab.ask('seen'))).toMatchObject(profile.tabs.map(() => ({ status: 'signedOut', endReason: 'idle' })));
    expect((await profile.first.ask('storedText')).match(/eyJ[\w-]+/g) ?? []).toEqual([]);
    setup.record(sumOf(setup.title, 'idle session after sleep', [{ refreshes: 0, reuses: 0, answers: 0, calls: 0, lived: null }], 'ended in all tabs'));
  });

  it('a page that is loaded again after the idle end never shows the user', async () => {
    const profile = await openIdle(setup);
    setup.passTime(IDLE_MS + 60_000); // Only pages that load from now on have the new time.
    await profile.reloadAll(0);
    expect(await profile.askAll((tab) => tab.ask('untilKnown'))).toMatchObject(profile.tabs.map(() => ({ status: 'signedOut', endReason: 'idle' })));
    expect((await profile.askAll((tab) => tab.ask('shown'))).flat()).not.toContain('signedIn');
  });

  it.each<[string, (tab: HarnessTab) => Promise<void>]>([
    ['in another tab', (tab) => tab.ask('touch')],
    ['in a frame of the same origin', (tab) => tab.ask('touchInFrame')],
  ])('activity %s keeps the session in all tabs', async (_, act) => {
    const profile = await openIdle(setup);
    const { sessionId } = await profile.first.ask('seen');
    await sleep(setup, profile, 10 * 60_000);
    await act(profile.tabs[1]!);
    await profile.first.until(`window.harness.endsInMs() > ${IDLE_MS - 60_000}`);
    await sleep(setup, profile, 10 * 60_000, [{ kind: 'burst', name: 'later', calls: CALLS }]);
    expect(await profile.askAll((tab) => tab.ask('burstOutcome', 'later'))).toMatchObject(profile.tabs.map(() => ({ answered: CALLS, users: ['ember'] })));
    expect(await profile.askAll((tab) => tab.ask('seen'))).toMatchObject(profile.tabs.map(() => ({ sessionId })));
    await setup.closeProfile(); // A frame stays open otherwise.
  });
}

async function openIdle(setup: Setup): Promise<BrowserProfile> {
  const profile = await setup.openTabs(TABS, OPTIONS);
  await profile.signIn();
  await profile.askAll((tab) => tab.until('window.harness.endsInMs() !== null'));
  setup.api.api.clearCalls();
  return profile;
}

/** Moves the clocks of the API and of all pages ahead, and runs commands in all tabs before any timer does. */
async function sleep(setup: Setup, profile: BrowserProfile, ms: number, commands: readonly Command[] = []): Promise<void> {
  setup.passTime(ms);
  await profile.first.ask('runInAllTabs', [{ kind: 'sleep', ms }, ...commands], profile.tabs.length - 1);
}
