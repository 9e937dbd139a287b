import type { Scenario } from './scenario.ts';
import { SECOND } from './time.ts';
import type { Answer } from './token-endpoint.ts';

/** The counts of a run. */
export interface Tally {
  readonly request: (tick: number, answer: Answer) => void;
  readonly lose: (browser: number) => void;
  readonly closeTick: (tick: number) => void;
  readonly answers: Record<Answer, number>;
  /** Requests in each second. */
  readonly load: Uint32Array;
  /** Agents whose last attempt failed, at the end of each second. */
  readonly waitingAt: Uint32Array;
  failedCalls: number;
  waiting: number;
  wakes: number;
  lost: number;
}

export function createTally({ from, until }: Pick<Scenario, 'from' | 'until'>, browsers: number): Tally {
  const seconds = Math.ceil((until - from) / SECOND);
  const lost = new Uint8Array(browsers);
  const tally: Tally = {
    answers: { granted: 0, down: 0, 'refused': 0 },
    load: new Uint32Array(seconds),
    waitingAt: new Uint32Array(seconds),
    failedCalls: 0,
    waiting: 0,
    wakes: 0,
    lost: 0,
    request(tick, answer) {
      tally.answers[answer]++;
      tally.load[Math.floor((tick - from) / SECOND)]!++;
    },
    lose(browser) {
      if (lost[browser] === 0) tally.lost++;
      lost[browser] = 1;
    },
    closeTick(tick) {
      if ((tick + 1) % SECOND === 0) tally.waitingAt[Math.floor((tick - from) / SECOND)] = tally.waiting;
    },
  };
  return tally;
}

/** The outcome of a run. */
export interface Outcome {
  readonly requests: number;
  readonly granted: number;
  /** Requests a second, on average. */
  readonly mean: number;
  /** Requests a second in the busiest ten seconds. */
  readonly peak: number;
  readonly peakToMean: number;
  /** How long after the endpoint came back until a hundredth of the waiting users is left, s. `null` if that is not within the run. */
  readonly drainS: number | null;
  /** Requests per grantable request in the busiest ten seconds after the endpoint came back. */
  readonly overload: number | null;
  readonly failedCalls: number;
  /** Browsers that have to sign in again. */
  readonly lost: number;
  /** Requests a second, on average over each step of `stepS`. */
  readonly load: readonly number[];
  readonly stepS: number;
}

const BUSIEST_S = 10;
const POINTS = 360;

export function outcomeOf(tally: Tally, { from, endpoint }: Scenario): Outcome {
  const { load, answers, failedCalls, lost } = tally;
  const requests = answers.granted + answers.down + answers['refused'];
  const mean = requests / load.length;
  const peak = busiest(load);
  const { outage } = endpoint;
  const back = outage && (outage.until - from) / SECOND;
  const stepS = Math.ceil(load.length / POINTS);
  return {
    ...{ requests, granted: answers.granted, mean, peak, peakToMean: mean === 0 ? 0 : peak / mean },
    drainS: back === null ? null : drainS(tally.waitingAt, back),
    overload: outage && back !== null ? busiest(load.subarray(back)) / outage.capacityAfter : null,
    ...{ failedCalls: Math.round(failedCalls), lost, load: averaged(load, stepS), stepS },
  };
}

function drainS(waitingAt: Uint32Array, back: number): number | null {
  const few = waitingAt[back - 1]! / 100;
  const after = waitingAt.subarray(back).findIndex((waiting) => waiting <= few);
  return after < 0 ? null : after;
}

/** Returns the mean load of the busiest ten consecutive seconds. */
function busiest(load: Uint32Array): number {
  let window = 0;
  let most = 0;
  for (let second = 0; second < load.length; second++) {
    window += load[second]! - (second < BUSIEST_S ? 0 : load[second - BUSIEST_S]!);
    most = Math.max(most, window);
  }
  return most / Math.min(BUSIEST_S, load.length);
}

function averaged(load: Uint32Array, stepS: number): number[] {
  return Array.from({ length: Math.ceil(load.length / stepS) }, (_, step) => {
    const part = load.subarray(step * stepS, (step + 1) * stepS);
    return part.reduce((sum, count) => sum + count, 0) / part.length;
  });
}
