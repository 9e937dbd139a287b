import fc from 'fast-check';
import type { EndpointMode, WorldEvent } from './scenario.ts';

/** How late a late answer is, ms: later than a call waits for a token, or just before the client gives the answer up. */
export const anyLateMs = fc.constantFrom(15_000, 32_500);

/** Two tabs (the same one if only one is open), and how much time passes between the events. */
interface Setting {
  readonly one: number;
  readonly other: number;
  readonly soonMs: number;
  readonly longMs: number;
  readonly lateMs: number;
}

const anySetting: fc.Arbitrary<Setting> = fc
  .record({ one: fc.nat(7), soonMs: fc.nat(60), longMs: fc.integer({ min: 30_000, max: 90_000 }), lateMs: anyLateMs })
  .map((drawn) => ({ ...drawn, other: drawn.one + 1 }));

const advance = (ms: number): WorldEvent => ({ kind: 'advance', ms });
const network = (fault: 'none' | 'late', lateMs: number): WorldEvent => ({ kind: 'network', fault, latencyMs: 20, lateMs });
const api = (mode: EndpointMode): WorldEvent => ({ kind: 'api', mode, retryAfter: null });

const clearFaults: WorldEvent[] = [network('none', 0), api('ok'), { kind: 'online', online: true }];

const lateAnswer = ({ one, longMs, lateMs }: Setting): WorldEvent[] => [network('late', lateMs), { kind: 'refresh', tab: one }, advance(longMs), network('none', 0)];

const secondUserDuringALateAnswer = ({ one, soonMs, longMs, lateMs }: Setting): WorldEvent[] => [
  network('late', lateMs), { kind: 'refresh', tab: one }, advance(soonMs), network('none', 0),
  { kind: 'signIn', tab: one, bot: 'spark' }, advance(500),
  { kind: 'revoke' }, { kind: 'call', tab: one, times: 1, abortMs: null }, advance(longMs),
];

const freezeDuringARefresh = ({ one, other, soonMs, longMs }: Setting): WorldEvent[] => [
  { kind: 'refresh', tab: one }, advance(soonMs), { kind: 'freeze', tab: one }, advance(longMs),
  { kind: 'refresh', tab: other }, advance(longMs), { kind: 'refresh', tab: other }, advance(soonMs),
  { kind: 'thaw', tab: one }, advance(longMs),
];

const otherTabClosesBeforeTheThaw = ({ one, other, soonMs, longMs }: Setting): WorldEvent[] => [
  { kind: 'refresh', tab: one }, advance(soonMs), { kind: 'freeze', tab: one }, advance(longMs),
  { kind: 'refresh', tab: other }, advance(longMs), { kind: 'refresh', tab: other }, advance(5000),
  { kind: 'close', tab: other }, { kind: 'thaw', tab: one }, { kind: 'thaw', tab: 0 }, advance(1000), { kind: 'refresh', tab: 0 }, advance(longMs),
];

const clearedWhileTheNewestTabIsFrozen = ({ one, other }: Setting): WorldEvent[] => [
  { kind: 'freeze', tab: other }, { kind: 'refresh', tab: one }, advance(3000), { kind: 'freeze', tab: one },
  { kind: 'clear' }, api('500'), { kind: 'thaw', tab: other }, { kind: 'refresh', tab: other }, advance(5000),
  api('ok'), { kind: 'thaw', tab: one }, advance(5000),
];

const answerWithOnlyARefreshToken = ({ one, other, longMs }: Setting): WorldEvent[] => [
  api('onlyRefreshToken'), { kind: 'refresh', tab: one }, advance(3000), api('ok'), advance(longMs), { kind: 'refresh', tab: other }, advance(3000),
];

/** Draws a sequence of events that chance rarely puts into this order, and that clients often get wrong. */
export const anyHazard: fc.Arbitrary<WorldEvent[]> = fc
  .record({ setting: anySetting, hazard: fc.constantFrom(lateAnswer, secondUserDuringALateAnswer, freezeDuringARefresh, otherTabClosesBeforeTheThaw, clearedWhileTheNewestTabIsFrozen, answerWithOnlyARefreshToken) })
  .map(({ setting, hazard }) => [...clearFaults, ...hazard(setting)]);
