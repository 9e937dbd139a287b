import type { InstanceEvent, InstanceScenario, StoreFault } from '../simulation/instances/scenario.ts';
import type { InstanceCase } from './instance-case.ts';

const MINUTE_MS = 60_000;

const advance = (ms: number): InstanceEvent => ({ kind: 'advance', ms });
const signIn = (instance: number): InstanceEvent => ({ kind: 'signIn', browser: 0, instance, user: 'ann' });
const request = (instance: number, instances = 1): InstanceEvent => ({ kind: 'request', browser: 0, instance, instances, times: 1, does: 'read', abortMs: null, isFormer: false });
const formerRequest = (instance: number): InstanceEvent => ({ kind: 'request', browser: 0, instance, instances: 1, times: 1, does: 'read', abortMs: null, isFormer: true });
const signOut = (instance: number): InstanceEvent => ({ kind: 'signOut', browser: 0, instance, isFormer: false });
const endAll = (instance: number): InstanceEvent => ({ kind: 'endAll', instance, user: 'ann' });
const store = (fault: StoreFault): InstanceEvent => ({ kind: 'store', fault, slowMs: 0, only: null });
const api = (mode: '503' | 'unreadable'): InstanceEvent => ({ kind: 'api', mode, retryAfter: null });
const revoke: InstanceEvent = { kind: 'revoke' };

/** Two instances that have a session in memory, whose access token the API rejects. */
const REJECTED: InstanceScenario = {
  instances: 2,
  lifetimeMs: 10 * MINUTE_MS,
  randomSeed: 0,
  delays: [1],
  skews: [0],
  announces: true,
  hasDate: true,
  leadMs: undefined,
  events: [signIn(0), advance(2000), request(0, 2), advance(1000), revoke],
};

/** The access token has expired. */
const EXPIRED: InstanceScenario = { ...REJECTED, events: [signIn(0), advance(2000), request(0, 2), advance(11 * MINUTE_MS)] };

/** The store does not call back when a row changes. */
const QUIET: InstanceScenario = { ...REJECTED, announces: false };
const WRONG_CLOCKS: InstanceScenario = { ...EXPIRED, skews: [-5 * MINUTE_MS, 5 * MINUTE_MS], events: [...EXPIRED.events, request(1), advance(11 * MINUTE_MS)] };

const after = (scenario: InstanceScenario, ...events: InstanceEvent[]): InstanceScenario => ({ ...scenario, events: [...scenario.events, ...events] });

const ALL = ['crash', 'freeze'] as const;
const CRASH = ['crash'] as const;

/** The small cases of instances. */
export const INSTANCE_CASES: readonly InstanceCase[] = [
  { name: 'instances', scenario: EXPIRED, acts: [request(0), request(1)], faults: ALL },
  { name: 'instances-rejected-token', scenario: REJECTED, acts: [request(0), request(1)], faults: ALL },
  { name: 'instances-without-news', scenario: QUIET, acts: [request(0), request(1)], faults: ALL },
  { name: 'instances-late-answer', scenario: REJECTED, acts: [request(0), request(1)], network: ['late'], faults: ALL },
  { name: 'instances-sign-out', scenario: REJECTED, acts: [request(0), signOut(1), request(1)], faults: ALL },
  { name: 'instances-next-sign-in', scenario: REJECTED, acts: [request(0), signIn(1), formerRequest(1)], faults: CRASH },
  { name: 'instances-end-all', scenario: REJECTED, acts: [request(0), endAll(1), request(1)], faults: CRASH },
  { name: 'instances-server-is-down', scenario: after(REJECTED, api('503')), acts: [request(0), request(1)], faults: CRASH },
  { name: 'instances-store-fails', scenario: after(REJECTED, store('writesFail')), acts: [request(0), request(1)], faults: CRASH },
  { name: 'instances-lost-store-answers', scenario: after(REJECTED, store('lostAnswer')), acts: [request(0), request(1)], faults: CRASH },
  { name: 'instances-wrong-clocks', scenario: WRONG_CLOCKS, acts: [request(0), request(1)], faults: ALL },
];
