import fc from 'fast-check';
import type { NetworkFault } from '../../support/world.ts';
import type { EndpointMode } from '../scenario.ts';
import { anyInstanceHazard } from './hazards.ts';

export type { EndpointMode } from '../scenario.ts';
export type User = 'ann' | 'bob';

/**
 * What is wrong with the store. `readsFail` and `writesFail` reject; `lostAnswer` carries out the operation and then rejects. An
 * operation that is silent never answers: `silentBefore` is not carried out, `silentAfter` is.
 */
export type StoreFault = 'none' | 'fails' | 'readsFail' | 'writesFail' | 'lostAnswer' | 'silentBefore' | 'silentAfter';

/** Chooses an instance by its place (modulo their number), or the one whose refresh is in flight. */
export type InstanceChoice = number | 'refreshing';

/** What a request does with its session. */
export type RequestKind = 'read' | 'write' | 'token' | 'snapshot';

/** One event of a simulated data centre. */
export type InstanceEvent =
  | { readonly kind: 'advance'; readonly ms: number }
  /** Requests of one browser reach several instances, from `instance` on. `isFormer` sends the cookie that the browser had before. */
  | { readonly kind: 'request'; readonly browser: number; readonly instance: InstanceChoice; readonly instances: number; readonly times: number; readonly does: RequestKind; readonly abortMs: number | null; readonly isFormer: boolean }
  | { readonly kind: 'signIn'; readonly browser: number; readonly instance: InstanceChoice; readonly user: User }
  | { readonly kind: 'signOut'; readonly browser: number; readonly instance: InstanceChoice; readonly isFormer: boolean }
  | { readonly kind: 'endAll'; readonly user: User; readonly instance: InstanceChoice }
  /** The API rejects all access tokens. */
  | { readonly kind: 'revoke' }
  /** The authorization server ends all sessions. */
  | { readonly kind: 'endSessions' }
  /** The instance dies at an await: after its code has resumed that many times, it does not resume again. Another one takes its place. */
  | { readonly kind: 'kill'; readonly instance: InstanceChoice; readonly afterSteps: number; readonly downMs: number }
  /** The instance stops, as by SIGSTOP, and goes on later. */
  | { readonly kind: 'pause'; readonly instance: InstanceChoice; readonly ms: number }
  /** All instances are replaced in turn. Each one finishes its requests and is closed. */
  | { readonly kind: 'deploy' }
  /** The garbage collector drops the sessions that idle instances hold weakly. */
  | { readonly kind: 'collect' }
  /** `only` is the one instance that cannot reach the store well. */
  | { readonly kind: 'store'; readonly fault: StoreFault; readonly slowMs: number; readonly only: number | null }
  /** The store restarts: operations in flight fail, rows stay. */
  | { readonly kind: 'storeRestart' }
  /** A replica takes over, which lacks the last writes and has another clock. */
  | { readonly kind: 'failover'; readonly lostWrites: number; readonly skewMs: number }
  | { readonly kind: 'evict'; readonly browser: number }
  | { readonly kind: 'announcements'; readonly areLost: boolean }
  | { readonly kind: 'clock'; readonly instance: number; readonly skewMs: number; readonly driftPpm: number }
  | { readonly kind: 'network'; readonly fault: NetworkFault; readonly latencyMs: number; readonly lateMs: number }
  | { readonly kind: 'api'; readonly mode: EndpointMode; readonly retryAfter: number | null };

/** Everything that is drawn for one simulated data centre, from one seed. */
export interface InstanceScenario {
  readonly instances: number;
  readonly lifetimeMs: number;
  readonly randomSeed: number;
  /** Delays of the store, used in turn, ms. */
  readonly delays: readonly number[];
  /** How wrong the clock of each machine is at first, ms. */
  readonly skews: readonly number[];
  /** Whether the store calls back when a row changes. */
  readonly announces: boolean;
  /** Whether the authorization server states its time. */
  readonly hasDate: boolean;
  readonly leadMs: number | undefined;
  /** How long sessions last without activity, and in all; by default there is no limit. */
  readonly limits?: { readonly timeoutMs: number; readonly maxSessionMs: number } | undefined;
  readonly events: readonly InstanceEvent[];
}

const MINUTE = 60_000;

type Kind = InstanceEvent['kind'];
type Drawn<K extends Kind> = Extract<InstanceEvent, { kind: K }>;
type Members<K extends Kind> = { [M in Exclude<keyof Drawn<K>, 'kind'>]: fc.Arbitrary<Drawn<K>[M]> };

const draw = <K extends Kind>(weight: number, kind: K, members: Members<K>) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), ...members }) as unknown as fc.Arbitrary<InstanceEvent>,
});

const instance = fc.oneof({ weight: 6, arbitrary: fc.nat(7) }, { weight: 1, arbitrary: fc.constant<InstanceChoice>('refreshing') });
const browser = fc.nat(2);
const user = fc.constantFrom<User>('ann', 'ann', 'bob');
const isFormer = fc.constantFrom(false, false, false, true);
const anyPauseMs = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 50, max: 5000 }), fc.integer({ min: 5000, max: 90_000 }));
const anySkewMs = fc.constantFrom(0, 0, 400, -400, 900, -900, 3000, 5 * MINUTE, -5 * MINUTE);

const ordinaryEvents = [
  draw(12, 'advance', { ms: anyPauseMs }),
  draw(12, 'request', {
    browser, instance, instances: fc.integer({ min: 1, max: 4 }), times: fc.integer({ min: 1, max: 4 }), does: fc.constantFrom<RequestKind>('read', 'read', 'write', 'token', 'snapshot'),
    abortMs: fc.option(fc.nat(2000), { freq: 6 }), isFormer,
  }),
  draw(3, 'signIn', { browser, instance, user }),
  draw(2, 'signOut', { browser, instance, isFormer }),
  draw(1, 'endAll', { user, instance }),
  draw(3, 'revoke', {}),
  draw(1, 'endSessions', {}),
  draw(1, 'deploy', {}),
  draw(1, 'collect', {}),
  draw(1, 'clock', { instance: fc.nat(7), skewMs: anySkewMs, driftPpm: fc.constantFrom(0, 100, -100) }),
  draw(2, 'api', { mode: fc.constantFrom<EndpointMode>('ok', 'ok', '500', '503', '429', 'html', 'onlyRefreshToken', 'unreadable'), retryAfter: fc.option(fc.integer({ min: 0, max: 20 })) }),
];

const faultyEvents = [
  draw(3, 'network', {
    fault: fc.constantFrom<NetworkFault>('none', 'none', 'dropBefore', 'hangBefore', 'dropAfter', 'hangAfter', 'late'),
    latencyMs: fc.oneof(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 300, max: 3000 })),
    lateMs: fc.constantFrom(8000, 15_000, 32_500),
  }),
  draw(2, 'kill', { instance, afterSteps: fc.oneof(fc.constant(0), fc.nat(20)), downMs: fc.constantFrom(0, 500, 15_000) }),
  draw(2, 'pause', { instance, ms: fc.oneof(fc.integer({ min: 100, max: 5000 }), fc.integer({ min: 5000, max: 60_000 })) }),
  draw(3, 'store', {
    fault: fc.constantFrom<StoreFault>('none', 'none', 'none', 'fails', 'readsFail', 'writesFail', 'lostAnswer', 'silentBefore', 'silentAfter'),
    slowMs: fc.constantFrom(0, 0, 0, 300, 1000, 4000, 8000),
    only: fc.option(fc.nat(7), { freq: 3 }),
  }),
  draw(1, 'storeRestart', {}),
  draw(1, 'failover', { lostWrites: fc.nat(3), skewMs: fc.constantFrom(0, 0, 700, -700, 5 * MINUTE, -5 * MINUTE) }),
  draw(1, 'evict', { browser }),
  draw(1, 'announcements', { areLost: fc.boolean() }),
];

const anyScenario = (mostInstances: number, mostEvents: number): fc.Arbitrary<InstanceScenario> =>
  fc.record({
    instances: fc.integer({ min: 1, max: mostInstances }),
    lifetimeMs: fc.constantFrom(60_000, 10_000, 10 * MINUTE),
    randomSeed: fc.nat(),
    delays: fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }),
    skews: fc.array(anySkewMs, { minLength: 1, maxLength: 8 }),
    announces: fc.boolean(),
    hasDate: fc.boolean(),
    leadMs: fc.constantFrom(undefined, undefined, 0),
    events: fc.array(fc.oneof(...ordinaryEvents, ...faultyEvents, { weight: 5, arbitrary: anyInstanceHazard }), { minLength: 1, maxLength: mostEvents, size: 'max' }).map((drawn) => drawn.flat()),
  });

/** Draws scenarios with up to `mostInstances` instances. */
export function instanceScenarioArbitrary({ mostInstances = 5, mostEvents = 40 }: { mostInstances?: number | undefined; mostEvents?: number } = {}): fc.Arbitrary<InstanceScenario> {
  // fast-check makes about every other value small. Each world is a single draw, so that would halve the large worlds.
  return fc.noBias(anyScenario(mostInstances, mostEvents));
}
