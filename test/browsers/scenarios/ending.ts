import { expect, it } from 'vitest';
import type { BurstOutcome } from '../harness/harness.ts';
import type { GatePlace } from '../server/gate.ts';
import type { HarnessTab } from '../support/harness-tab.ts';
import { sumOf } from '../support/result.ts';
import { FULL, type Setup } from '../support/engine-setup.ts';
import type { BrowserProfile } from '../support/browser-profile.ts';

const TABS = 3;
const CALLS = 4;
const ANSWERED: [when: string, place: GatePlace] = ['when only its answer is missing', 'after'];
const PLACES: [when: string, place: GatePlace][] = FULL ? [['before the API has processed it', 'before'], ANSWERED] : [ANSWERED];

/** A session that ends or is replaced during a refresh. */
export function describeEndings(setup: Setup): void {
  it.each(PLACES)('all tabs stay signed out after a sign-out during a refresh, %s', async (when, place) => {
    const { profile, other, finish } = await holdRefresh(setup, place);
    await other.ask('signOut');
    await profile.askAll((tab) => tab.ask('untilSession', null));
    const outcome = await finish();

    expect(outcome).toMatchObject({ answered: 0, others: { session_changed: CALLS } });
    expect(tokensIn(await other.ask('storedText'))).toEqual([]);
    await profile.reloadAll(0);
    await profile.askAll((tab) => tab.ask('untilSession', null));
    setup.record(sumOf(setup.title, `sign-out, refresh held ${when}`, [{ ...spent(setup), answers: 0, calls: 0, lived: null }], 'no session came back'));
  });

  it.each(PLACES)('all tabs have the next user after a change of user during a refresh, %s', async (when, place) => {
    const { profile, other, finish } = await holdRefresh(setup, place);
    const former = setup.api.api.sessions.at(-1)?.id;
    await other.ask('signOut');
    await other.ask('signIn', 'cinder');
    const { sessionId } = await other.ask('seen');
    await profile.askAll((tab) => tab.ask('untilSession', sessionId));
    setup.api.api.clearCalls();
    const outcome = await finish();

    expect(outcome).toMatchObject({ answered: 0, others: { session_changed: CALLS } });
    await profile.first.ask('runInAllTabs', [{ kind: 'burst', name: 'next', calls: CALLS }], profile.tabs.length - 1);
    const outcomes = await profile.askAll((tab) => tab.ask('burstOutcome', 'next'));
    expect(outcomes).toMatchObject(profile.tabs.map(() => ({ answered: CALLS, users: ['cinder'] })));
    expect(await profile.askAll((tab) => tab.ask('seen'))).toMatchObject(profile.tabs.map(() => ({ sessionId })));
    const { calls, sessions } = setup.api.api;
    expect(calls.filter(({ path, botId }) => path.includes('burst=') && botId !== 'cinder')).toEqual([]);
    expect(calls.filter(({ path }) => path.includes('burst=last'))).toEqual([]);
    expect(sessions.at(-1)).toMatchObject({ botId: 'cinder', alive: true, refreshes: 0 });
    expect(former).not.toBe(sessions.at(-1)?.id);
    const answers = outcomes.reduce((sum, { answered }) => sum + answered, 0);
    setup.record(sumOf(setup.title, `user switch, refresh held ${when}`, [{ ...spent(setup), answers, calls: TABS * CALLS, lived: true }], 'all as the next user'));
  });
}

interface HeldRefresh {
  readonly profile: BrowserProfile;
  readonly other: HarnessTab;
  /** Lets the refresh end, and returns the result of the calls that waited for it. */
  readonly finish: () => Promise<BurstOutcome>;
}

async function holdRefresh(setup: Setup, place: GatePlace): Promise<HeldRefresh> {
  const profile = await setup.openTabs(TABS);
  const [refreshing, other] = profile.tabs as [HarnessTab, HarnessTab];
  await profile.signIn();
  setup.api.api.revokeAccessTokens();
  const gate = setup.api.hold(place);
  await refreshing.ask('startBurst', 'last', CALLS);
  await gate.reached;
  const finish = async () => {
    gate.open();
    await gate.passed;
    await refreshing.ask('untilUnlocked'); // The late answer has been applied or dropped.
    return refreshing.ask('burstOutcome', 'last');
  };
  return { profile, other, finish };
}

function spent({ api: { api } }: Setup): { refreshes: number; reuses: number } {
  const { refreshes, reuses } = api.counts;
  return { refreshes, reuses };
}

function tokensIn(text: string): string[] {
  return text.match(/eyJ[\w-]+/g) ?? [];
}
