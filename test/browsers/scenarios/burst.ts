import { expect, it } from 'vitest';
import { LIFETIME_MS } from '../server/api-server.ts';
import type { Command } from '../harness/harness.ts';
import { sumOf, type Round } from '../support/result.ts';
import { ROUNDS, type Setup } from '../support/engine-setup.ts';
import type { BrowserProfile, ProfileOptions } from '../support/browser-profile.ts';

/** How many tabs a burst has. */
export const TABS = 8;
const CALLS = 20;

/** Longer than a token's life and any tolerance of the clock. */
export const OVERNIGHT_MS = LIFETIME_MS + 60_000;

/** Many tabs that call at the same time with an expired or revoked token. */
export function describeBursts(setup: Setup, rounds = ROUNDS): void {
  it('8 tabs that make 20 calls each on an expired token refresh once, and no call is rejected', async () => {
    await expectOneRefreshAfterExpiry(setup, 'burst on an expired token', rounds);
  });

  it('8 tabs that make 20 calls each on a revoked token refresh once, and every call is answered', async () => {
    await expectOneRefreshAfterRevocation(setup, 'burst on a revoked token', rounds);
  });
}

/** Lets many tabs call at the same time on an expired token, and expects one refresh and all answers in each round. */
export async function expectOneRefreshAfterExpiry(setup: Setup, scenario: string, rounds: number, options: ProfileOptions = {}): Promise<void> {
  const results = await runRounds(setup, rounds, options, (name) => {
    setup.passTime(OVERNIGHT_MS);
    return [{ kind: 'sleep', ms: OVERNIGHT_MS }, { kind: 'burst', name, calls: CALLS }];
  });
  setup.record(sumOf(setup.title, scenario, results));
  const expected = { refreshes: 1, reuses: 0, answers: TABS * CALLS, settled: TABS * CALLS, lived: true, expiredAtStart: TABS, rejected: 0, sentExpired: 0, atOnce: 1, refreshRequests: 1, users: 'ember' };
  expect(results).toEqual(results.map(() => ({ ...expected, calls: TABS * CALLS })));
}

/** Lets many tabs call at the same time on a revoked token, and expects one refresh and all answers in each round. */
export async function expectOneRefreshAfterRevocation(setup: Setup, scenario: string, rounds: number, options: ProfileOptions = {}, tabs = TABS): Promise<void> {
  const results = await runRounds(setup, rounds, options, (name) => {
    setup.api.api.revokeAccessTokens();
    return [{ kind: 'burst', name, calls: CALLS }];
  }, tabs);
  setup.record(sumOf(setup.title, scenario, results));
  const calls = tabs * CALLS;
  const expected = { refreshes: 1, reuses: 0, answers: calls, calls, settled: calls, lived: true, expiredAtStart: 0, sentExpired: 0, atOnce: 1, refreshRequests: 1, users: 'ember' };
  expect(results).toEqual(results.map(({ rejected }) => ({ ...expected, rejected })));
  expect(Math.min(...results.map(({ rejected }) => rejected))).toBeGreaterThan(0);
  expect(Math.max(...results.map(({ rejected }) => rejected))).toBeLessThanOrEqual(calls);
}

/** Runs commands in all tabs of a profile. */
function runInAllTabs(profile: BrowserProfile, commands: readonly Command[]): Promise<void> {
  return profile.first.ask('runInAllTabs', commands, profile.tabs.length - 1);
}

interface BurstRound extends Round {
  /** Calls that were answered or failed. */
  readonly settled: number;
  /** Tabs whose token was expired by their own clock when the burst began. */
  readonly expiredAtStart: number;
  /** Sends that were answered 450. */
  readonly rejected: number;
  /** Sends with a token that had expired. */
  readonly sentExpired: number;
  readonly atOnce: number;
  /** Refresh requests, granted or not. */
  readonly refreshRequests: number;
  readonly users: string;
}

type Commands = (name: string) => readonly Command[];

/** Runs rounds in the same tabs, each with a session of its own. */
async function runRounds(setup: Setup, rounds: number, options: ProfileOptions, commands: Commands, tabs = TABS): Promise<BurstRound[]> {
  const profile = await setup.openTabs(tabs, options);
  const results: BurstRound[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const name = `round${round}`;
    const sessionId = await profile.signIn();
    setup.api.api.clearCalls();
    await runInAllTabs(profile, commands(name));
    results.push(await measure(setup, profile, name, sessionId));
  }
  return results;
}

async function measure({ api: { api } }: Setup, profile: BrowserProfile, name: string, sessionId: string): Promise<BurstRound> {
  const outcomes = await profile.askAll((tab) => tab.ask('burstOutcome', name));
  const seen = await profile.askAll((tab) => tab.ask('seen'));
  const session = api.sessions.at(-1);
  const sends = api.calls.filter(({ path }) => path.includes('burst='));
  return {
    refreshes: session?.refreshes ?? 0,
    reuses: session?.reuses ?? 0,
    answers: outcomes.reduce((sum, { answered }) => sum + answered, 0),
    calls: outcomes.length * CALLS,
    settled: outcomes.reduce((sum, { answered, others }) => sum + Object.values(others).reduce((total, count) => total + count, answered), 0),
    lived: session?.alive === true && seen.every((tab) => tab.sessionId === sessionId),
    expiredAtStart: outcomes.filter(({ expiredAtStart }) => expiredAtStart).length,
    rejected: sends.filter(({ errorCode }) => errorCode === 450).length,
    sentExpired: sends.filter(({ expiredByMs }) => expiredByMs !== undefined).length,
    refreshRequests: api.calls.filter(({ endpoint }) => endpoint === 'refresh').length,
    atOnce: session?.maxConcurrentRefreshes ?? 0,
    users: [...new Set(outcomes.flatMap(({ users }) => users))].join(),
  };
}
