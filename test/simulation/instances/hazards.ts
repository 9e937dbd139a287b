import fc from 'fast-check';
import type { NetworkFault } from '../../support/world.ts';
import type { InstanceChoice, InstanceEvent, StoreFault } from './scenario.ts';

/** One browser, two instances, and how much time passes between the events. */
interface Setting {
  readonly browser: number;
  readonly one: number;
  readonly other: number;
  readonly soonMs: number;
  readonly latencyMs: number;
  readonly longMs: number;
  readonly steps: number;
}

const anySetting: fc.Arbitrary<Setting> = fc
  .record({ browser: fc.nat(2), one: fc.nat(7), soonMs: fc.nat(400), latencyMs: fc.integer({ min: 400, max: 3000 }), longMs: fc.integer({ min: 11_000, max: 45_000 }), steps: fc.nat(30) })
  .map((drawn) => ({ ...drawn, other: drawn.one + 1 }));

const advance = (ms: number): InstanceEvent => ({ kind: 'advance', ms });
const network = (latencyMs: number, fault: NetworkFault = 'none', lateMs = 0): InstanceEvent => ({ kind: 'network', fault, latencyMs, lateMs });
const store = (fault: StoreFault, slowMs = 0, only: number | null = null): InstanceEvent => ({ kind: 'store', fault, slowMs, only });
const request = (browser: number, instance: InstanceChoice, instances = 1, isFormer = false): InstanceEvent => ({ kind: 'request', browser, instance, instances, times: 2, does: 'read', abortMs: null, isFormer });
const signIn = (browser: number, instance: number): InstanceEvent => ({ kind: 'signIn', browser, instance, user: 'ann' });
const signOut = (browser: number, instance: number): InstanceEvent => ({ kind: 'signOut', browser, instance, isFormer: false });
const kill = (afterSteps: number): InstanceEvent => ({ kind: 'kill', instance: 'refreshing', afterSteps, downMs: 500 });
const pause = (ms: number): InstanceEvent => ({ kind: 'pause', instance: 'refreshing', ms });
const REVOKE: InstanceEvent = { kind: 'revoke' };

const clearFaults: InstanceEvent[] = [network(20), { kind: 'api', mode: 'ok', retryAfter: null }, store('none')];

/** A user is signed in, and both instances have the session in memory. */
const begin = ({ browser, one }: Setting): InstanceEvent[] => [...clearFaults, signIn(browser, one), advance(2000), request(browser, one, 2), advance(1000)];

const stormAfterExpiry = (setting: Setting): InstanceEvent[] => [advance(setting.longMs * 2), REVOKE, request(setting.browser, setting.one, 4), advance(setting.soonMs), request(setting.browser, setting.other, 4), advance(5000)];

const signOutDuringARefresh = ({ browser, one, other, soonMs, latencyMs }: Setting): InstanceEvent[] => [
  network(latencyMs), REVOKE, request(browser, one), advance(soonMs + latencyMs), signOut(browser, other), advance(soonMs), request(browser, other, 3, true), advance(10_000), request(browser, one, 3, true), advance(2000),
];

const signOutDuringAHungRefresh = ({ browser, one, other, soonMs, longMs }: Setting): InstanceEvent[] => [
  network(20, 'late', 15_000), REVOKE, request(browser, one), advance(soonMs + 400), network(20), signOut(browser, other), advance(soonMs), request(browser, other, 2, true), advance(longMs), request(browser, one, 2, true), advance(2000),
];

const killedDuringARefresh = ({ browser, one, other, soonMs, latencyMs, longMs, steps }: Setting): InstanceEvent[] => [
  network(latencyMs), REVOKE, request(browser, one), advance(soonMs), kill(steps), request(browser, other, 2), advance(longMs), request(browser, other, 2), advance(5000),
];

const pausedDuringARefresh = ({ browser, one, other, soonMs, latencyMs, longMs }: Setting): InstanceEvent[] => [
  network(latencyMs), REVOKE, request(browser, one), advance(soonMs), pause(longMs), request(browser, other, 2), advance(longMs + 100), request(browser, one, 2), advance(5000),
];

const slowRefresh = ({ browser, one, other, soonMs, longMs }: Setting): InstanceEvent[] => [
  network(20, 'late', 15_000), REVOKE, request(browser, one), advance(soonMs + 400), network(20), advance(7000), request(browser, other, 3), advance(longMs), request(browser, one, 2), advance(2000),
];

const storeFailsDuringARefresh = (fault: StoreFault) => ({ browser, one, other, soonMs, latencyMs, longMs }: Setting): InstanceEvent[] => [
  network(latencyMs), REVOKE, request(browser, one), advance(latencyMs + soonMs), store(fault), advance(latencyMs + soonMs), request(browser, other, 2), advance(soonMs * 10), store('none'), advance(soonMs), request(browser, other, 3), advance(longMs),
];

const failoverDuringARefresh = ({ browser, one, other, soonMs, latencyMs, steps }: Setting): InstanceEvent[] => [
  network(latencyMs), REVOKE, request(browser, one), advance(latencyMs + soonMs), { kind: 'failover', lostWrites: steps % 3, skewMs: 0 }, request(browser, other, 3), advance(15_000),
];

const deployDuringARefresh = ({ browser, one, other, soonMs, latencyMs }: Setting): InstanceEvent[] => [
  network(latencyMs), REVOKE, request(browser, one, 2), advance(soonMs), { kind: 'deploy' }, advance(soonMs), request(browser, other, 4), advance(10_000),
];

const signInOverAnother = ({ browser, one, other, soonMs }: Setting): InstanceEvent[] => [
  signIn(browser, other), advance(soonMs), request(browser, one, 3, true), advance(3000), request(browser, one, 2, true), request(browser, other, 2), advance(3000),
];

const endpointIsDown = ({ browser, one, longMs }: Setting): InstanceEvent[] => [
  { kind: 'api', mode: '503', retryAfter: null }, REVOKE, request(browser, one, 4), advance(3000), request(browser, one, 4), advance(longMs), request(browser, one, 4), advance(3000), { kind: 'api', mode: 'ok', retryAfter: null }, advance(longMs), request(browser, one, 2), advance(3000),
];

const HAZARDS = [
  stormAfterExpiry, signOutDuringARefresh, signOutDuringAHungRefresh, killedDuringARefresh, pausedDuringARefresh, slowRefresh, storeFailsDuringARefresh('fails'), storeFailsDuringARefresh('lostAnswer'),
  storeFailsDuringARefresh('silentAfter'), failoverDuringARefresh, deployDuringARefresh, signInOverAnother, endpointIsDown,
];

/** Draws a sequence of events that chance rarely puts into this order, and that servers often get wrong. */
export const anyInstanceHazard: fc.Arbitrary<InstanceEvent[]> = fc
  .record({ setting: anySetting, hazard: fc.constantFrom(...HAZARDS) })
  .map(({ setting, hazard }) => [...begin(setting), ...hazard(setting)]);
