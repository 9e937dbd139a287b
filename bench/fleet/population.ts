import { createRandom, drawNormal, seedOf, type Random } from './random.ts';
import { DAY, HOUR, MINUTE, SECOND } from './time.ts';

/** How many awake stretches a browser has per day, at most. */
export const STRETCHES = 4;

/** How many of 100 browsers have 1, 2 … 8 tabs. */
const TABS_OF_100 = [35, 22, 14, 10, 7, 5, 4, 3];

const ALWAYS_ON = 0.04;
const AT_WORK = 0.54;
/** The share of stretches that begin at a full or half hour, such as lessons, shifts or the end of a meeting. */
const BY_THE_CLOCK = 0.25;

/** The browsers of a fleet, by number. */
export interface Population {
  readonly browsers: number;
  /** How many tabs each browser has. */
  readonly tabs: Uint8Array;
  /** When each browser is awake, in ticks of the day: from, until, from, until … An unused stretch is empty. */
  readonly stretches: Int32Array;
}

/** Draws a fleet: its tabs, and the stretches of the day in which its pages are open on a device that is awake. */
export function drawPopulation(browsers: number, seed: number): Population {
  const random = createRandom(seedOf(seed, 'population'));
  const tabs = new Uint8Array(browsers);
  const stretches = new Int32Array(browsers * STRETCHES * 2);
  for (let browser = 0; browser < browsers; browser++) {
    tabs[browser] = drawTabs(random);
    stretches.set(drawDay(random), browser * STRETCHES * 2);
  }
  return { browsers, tabs, stretches };
}

function drawTabs(random: Random): number {
  let left = random() * 100;
  return 1 + TABS_OF_100.findIndex((share) => (left -= share) < 0);
}

function drawDay(random: Random): number[] {
  const kind = random();
  if (kind < ALWAYS_ON) return inOrder([[0, DAY], [DAY, DAY], [DAY, DAY], [DAY, DAY]]);
  const hours = kind < ALWAYS_ON + AT_WORK ? [8.75, 10.75, 13.75, 16] : [8, 12.5, 20, 21.5];
  const minutes = kind < ALWAYS_ON + AT_WORK ? 75 : 30;
  return inOrder(hours.map((hour) => {
    const from = onTheClock(random, drawNormal(random, hour * HOUR, 0.6 * HOUR));
    return [from, from + Math.max(2, drawNormal(random, minutes, minutes / 3)) * MINUTE];
  }));
}

function onTheClock(random: Random, at: number): number {
  const half = HOUR / 2;
  return random() < BY_THE_CLOCK ? Math.round(at / half) * half + random() * 120 * SECOND : at;
}

/** Sorts stretches so that none overlaps another or exceeds the day. */
function inOrder(drawn: readonly (readonly number[])[]): number[] {
  let free = 0;
  return [...drawn].sort(([a = 0], [b = 0]) => a - b).flatMap(([from = 0, until = 0]) => {
    const begins = Math.min(DAY, Math.max(free, Math.round(from)));
    free = Math.min(DAY, Math.max(begins, Math.round(until)));
    return [begins, free];
  });
}
