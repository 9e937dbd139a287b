import fc from 'fast-check';
import type { Happening } from './story.ts';

/** Later than a call waits for a token; and just before an answer is given up. */
export const anyLateMs = fc.constantFrom(15_000, 32_500);

/** Two tabs (where there are two), and how much time there is between things. */
interface Pair {
  readonly one: number;
  readonly other: number;
  readonly soonMs: number;
  readonly longMs: number;
  readonly lateMs: number;
}

const anyPair: fc.Arbitrary<Pair> = fc
  .record({ one: fc.nat(7), soonMs: fc.nat(60), longMs: fc.integer({ min: 30_000, max: 90_000 }), lateMs: anyLateMs })
  .map((drawn) => ({ ...drawn, other: drawn.one + 1 }));

const pass = (ms: number): Happening => ({ kind: 'pass', ms });
const network = (fault: 'none' | 'late', lateMs: number): Happening => ({ kind: 'network', fault, latencyMs: 20, lateMs });
const api = (trouble: 'well' | '500'): Happening => ({ kind: 'api', trouble, retryAfter: null });

const allIsWell: Happening[] = [network('none', 0), api('well'), { kind: 'online', online: true }];

const everybodyWaits = ({ one, longMs, lateMs }: Pair): Happening[] => [network('late', lateMs), { kind: 'refresh', tab: one }, pass(longMs), network('none', 0)];

const anotherUserNeedsATokenToo = ({ one, soonMs, longMs, lateMs }: Pair): Happening[] => [
  network('late', lateMs), { kind: 'refresh', tab: one }, pass(soonMs), network('none', 0),
  { kind: 'signIn', tab: one, bot: 'spark' }, pass(500),
  { kind: 'revoke' }, { kind: 'call', tab: one, times: 1, abortMs: null }, pass(longMs),
];

const frozenAsItRefreshes = ({ one, other, soonMs, longMs }: Pair): Happening[] => [
  { kind: 'refresh', tab: one }, pass(soonMs), { kind: 'freeze', tab: one }, pass(longMs),
  { kind: 'refresh', tab: other }, pass(longMs), { kind: 'refresh', tab: other }, pass(soonMs),
  { kind: 'thaw', tab: one }, pass(longMs),
];

const leftAloneAsItThaws = ({ one, other, soonMs, longMs }: Pair): Happening[] => [
  { kind: 'refresh', tab: one }, pass(soonMs), { kind: 'freeze', tab: one }, pass(longMs),
  { kind: 'refresh', tab: other }, pass(longMs), { kind: 'refresh', tab: other }, pass(5000),
  { kind: 'close', tab: other }, { kind: 'thaw', tab: one }, { kind: 'thaw', tab: 0 }, pass(1000), { kind: 'refresh', tab: 0 }, pass(longMs),
];

const clearedUnderWhoKnowsMost = ({ one, other }: Pair): Happening[] => [
  { kind: 'freeze', tab: other }, { kind: 'refresh', tab: one }, pass(3000), { kind: 'freeze', tab: one },
  { kind: 'clear' }, api('500'), { kind: 'thaw', tab: other }, { kind: 'refresh', tab: other }, pass(5000),
  api('well'), { kind: 'thaw', tab: one }, pass(5000),
];

/** Things that seldom happen in just this order by chance, and hurt when they do. */
export const anyScene: fc.Arbitrary<Happening[]> = fc
  .record({ pair: anyPair, scene: fc.constantFrom(everybodyWaits, anotherUserNeedsATokenToo, frozenAsItRefreshes, leftAloneAsItThaws, clearedUnderWhoKnowsMost) })
  .map(({ pair, scene }) => [...allIsWell, ...scene(pair)]);
