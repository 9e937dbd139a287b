import { expect, it } from 'vitest';
import { LIFETIME_MS } from '../server/api-server.ts';
import type { Command } from '../harness/harness.ts';
import { sumOf, type Round } from '../support/result.ts';
import { ROUNDS, type Stage } from '../support/stage.ts';
import type { Visit, VisitOptions } from '../support/visit.ts';

/** As many as the bursts have. */
export const TABS = 8;
const CALLS = 20;

/** Past the expiry, and past all doubt about it. */
export const OVERNIGHT_MS = LIFETIME_MS + 60_000;

/** Many tabs that call at once when the token is no good. */
export function describeBursts(stage: Stage, rounds = ROUNDS): void {
  it('refreshes once when 8 tabs make 20 calls each on an expired token, and sends none of them in vain', async () => {
    const played = await playRounds(stage, rounds, {}, (name) => {
      stage.pass(OVERNIGHT_MS);
      return [{ kind: 'sleep', ms: OVERNIGHT_MS }, { kind: 'burst', name, calls: CALLS }];
    });
    stage.note(sumOf(stage.title, 'burst on an expired token', played));
    const perfect = { refreshes: 1, reuses: 0, answers: TABS * CALLS, settled: TABS * CALLS, lived: true, expiredAtStart: TABS, rejected: 0, sentExpired: 0, atOnce: 1, asked: 1, users: 'ember' };
    expect(played).toEqual(played.map(() => ({ ...perfect, calls: TABS * CALLS })));
  });

  it('refreshes once when 8 tabs make 20 calls each on a revoked token, and answers them all', async () => {
    await endureRevocation(stage, 'burst on a revoked token', rounds);
  });
}

/** Has many tabs call at once on a revoked token, and expects one refresh and all answers of each round. */
export async function endureRevocation(stage: Stage, scenario: string, rounds: number, options: VisitOptions = {}, tabs = TABS): Promise<void> {
  const played = await playRounds(stage, rounds, options, (name) => {
    stage.api.api.revokeAccessTokens();
    return [{ kind: 'burst', name, calls: CALLS }];
  }, tabs);
  stage.note(sumOf(stage.title, scenario, played));
  const calls = tabs * CALLS;
  const perfect = { refreshes: 1, reuses: 0, answers: calls, calls, settled: calls, lived: true, expiredAtStart: 0, sentExpired: 0, atOnce: 1, asked: 1, users: 'ember' };
  expect(played).toEqual(played.map(({ rejected }) => ({ ...perfect, rejected })));
  expect(Math.min(...played.map(({ rejected }) => rejected))).toBeGreaterThan(0);
  expect(Math.max(...played.map(({ rejected }) => rejected))).toBeLessThanOrEqual(calls);
}

/** Gives commands to all tabs of a visit. */
function conduct(visit: Visit, commands: readonly Command[]): Promise<void> {
  return visit.first.ask('conduct', commands, visit.tabs.length - 1);
}

interface BurstRound extends Round {
  /** Calls that came to an end of any kind. */
  readonly settled: number;
  /** Tabs whose token was expired by their own clock when they began. */
  readonly expiredAtStart: number;
  /** Sends that were answered 450. */
  readonly rejected: number;
  /** Sends with a token that had expired. */
  readonly sentExpired: number;
  readonly atOnce: number;
  /** Refreshes that were asked for, granted or not. */
  readonly asked: number;
  readonly users: string;
}

type Commands = (name: string) => readonly Command[];

/** Plays rounds in the same tabs, each with a session of its own. */
async function playRounds(stage: Stage, rounds: number, options: VisitOptions, commands: Commands, tabs = TABS): Promise<BurstRound[]> {
  const visit = await stage.visit(tabs, options);
  const played: BurstRound[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const name = `round${round}`;
    const sessionId = await visit.signIn();
    stage.api.api.clearCalls();
    await conduct(visit, commands(name));
    played.push(await measure(stage, visit, name, sessionId));
  }
  return played;
}

async function measure({ api: { api } }: Stage, visit: Visit, name: string, sessionId: string): Promise<BurstRound> {
  const outcomes = await visit.askAll((tab) => tab.ask('burstOutcome', name));
  const seen = await visit.askAll((tab) => tab.ask('seen'));
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
    asked: api.calls.filter(({ endpoint }) => endpoint === 'refresh').length,
    atOnce: session?.maxConcurrentRefreshes ?? 0,
    users: [...new Set(outcomes.flatMap(({ users }) => users))].join(),
  };
}
