import { expect, it } from 'vitest';
import type { BurstOutcome } from '../harness/harness.ts';
import type { GatePlace } from '../server/gate.ts';
import type { HarnessTab } from '../support/harness-tab.ts';
import { sumOf } from '../support/result.ts';
import { FULL, type Stage } from '../support/stage.ts';
import type { Visit } from '../support/visit.ts';

const TABS = 3;
const CALLS = 4;
const ANSWERED: [when: string, place: GatePlace] = ['when only its answer is missing', 'after'];
const PLACES: [when: string, place: GatePlace][] = FULL ? [['before the API has processed it', 'before'], ANSWERED] : [ANSWERED];

/** A session that ends, or becomes another one, in the middle of a refresh. */
export function describeEndings(stage: Stage): void {
  it.each(PLACES)('stays signed out in all tabs after a sign-out in the middle of a refresh, %s', async (when, place) => {
    const { visit, other, finish } = await refreshInTheMiddle(stage, place);
    await other.ask('signOut');
    await visit.askAll((tab) => tab.ask('untilSession', null));
    const outcome = await finish();

    expect(outcome).toMatchObject({ answered: 0, others: { session_changed: CALLS } });
    expect(tokensIn(await other.ask('storedText'))).toEqual([]);
    await visit.reloadAll(0);
    await visit.askAll((tab) => tab.ask('untilSession', null));
    stage.note(sumOf(stage.title, `sign-out, refresh held ${when}`, [{ ...spent(stage), answers: 0, calls: 0, lived: null }], 'nothing came back'));
  });

  it.each(PLACES)('is the next user in all tabs after a switch in the middle of a refresh, %s', async (when, place) => {
    const { visit, other, finish } = await refreshInTheMiddle(stage, place);
    const former = stage.api.api.sessions.at(-1)?.id;
    await other.ask('signOut');
    await other.ask('signIn', 'cinder');
    const { sessionId } = await other.ask('seen');
    await visit.askAll((tab) => tab.ask('untilSession', sessionId));
    stage.api.api.clearCalls();
    const outcome = await finish();

    expect(outcome).toMatchObject({ answered: 0, others: { session_changed: CALLS } });
    await visit.first.ask('conduct', [{ kind: 'burst', name: 'next', calls: CALLS }], visit.tabs.length - 1);
    const outcomes = await visit.askAll((tab) => tab.ask('burstOutcome', 'next'));
    expect(outcomes).toMatchObject(visit.tabs.map(() => ({ answered: CALLS, users: ['cinder'] })));
    expect(await visit.askAll((tab) => tab.ask('seen'))).toMatchObject(visit.tabs.map(() => ({ sessionId })));
    const { calls, sessions } = stage.api.api;
    expect(calls.filter(({ path, botId }) => path.includes('burst=') && botId !== 'cinder')).toEqual([]);
    expect(calls.filter(({ path }) => path.includes('burst=last'))).toEqual([]);
    expect(sessions.at(-1)).toMatchObject({ botId: 'cinder', alive: true, refreshes: 0 });
    expect(former).not.toBe(sessions.at(-1)?.id);
    const answers = outcomes.reduce((sum, { answered }) => sum + answered, 0);
    stage.note(sumOf(stage.title, `user switch, refresh held ${when}`, [{ ...spent(stage), answers, calls: TABS * CALLS, lived: true }], 'all as the next user'));
  });
}

interface Middle {
  readonly visit: Visit;
  readonly other: HarnessTab;
  /** Lets the refresh come to its end, and tells what came of the calls that waited for it. */
  readonly finish: () => Promise<BurstOutcome>;
}

async function refreshInTheMiddle(stage: Stage, place: GatePlace): Promise<Middle> {
  const visit = await stage.visit(TABS);
  const [refreshing, other] = visit.tabs as [HarnessTab, HarnessTab];
  await visit.signIn();
  stage.api.api.revokeAccessTokens();
  const gate = stage.api.hold(place);
  await refreshing.ask('startBurst', 'last', CALLS);
  await gate.reached;
  const finish = async () => {
    gate.open();
    await gate.passed;
    await refreshing.ask('untilUnlocked'); // The late answer has been taken in, or dropped.
    return refreshing.ask('burstOutcome', 'last');
  };
  return { visit, other, finish };
}

function spent({ api: { api } }: Stage): { refreshes: number; reuses: number } {
  const { refreshes, reuses } = api.counts;
  return { refreshes, reuses };
}

function tokensIn(text: string): string[] {
  return text.match(/eyJ[\w-]+/g) ?? [];
}
