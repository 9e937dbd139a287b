import fc from 'fast-check';
import type { WakeSignal } from 'unexpired/core';
import type { NetworkFault, StorageFault } from '../support/world.ts';
import { anyCookieHazard } from './cookie-hazards.ts';
import { anyHazard, anyLateMs } from './hazards.ts';
import { placeArbitrary, type TokenPlace } from './token-place.ts';

export type BotId = 'ember' | 'cinder' | 'spark';

/** What the token endpoint answers to a refresh: tokens, an error, or new tokens of which all but the refresh token, or nothing, can be read. */
export type EndpointMode = 'ok' | '500' | '503' | '429' | 'html' | 'onlyRefreshToken' | 'unreadable';

/** Chooses a tab: by its place among the open tabs (modulo their number), or the one whose refresh is in flight. */
export type TabChoice = number | 'refreshing';

/** One event of a simulated world. */
export type WorldEvent =
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'call'; readonly tab: TabChoice; readonly times: number; readonly abortMs: number | null }
  | { readonly kind: 'write'; readonly tab: TabChoice }
  | { readonly kind: 'refresh'; readonly tab: TabChoice }
  | { readonly kind: 'signIn'; readonly tab: TabChoice; readonly bot: BotId }
  | { readonly kind: 'signOut'; readonly tab: TabChoice }
  | { readonly kind: 'revoke' }
  | { readonly kind: 'endSession'; readonly code: 451 | 460 | 800 | 810 }
  | { readonly kind: 'open' }
  | { readonly kind: 'duplicate'; readonly tab: TabChoice }
  | { readonly kind: 'reload'; readonly tab: TabChoice }
  | { readonly kind: 'close'; readonly tab: TabChoice }
  /** The tab dies at an await: after its code has resumed that many times, it does not resume again. */
  | { readonly kind: 'kill'; readonly tab: TabChoice; readonly afterSteps: number }
  | { readonly kind: 'wake'; readonly tab: TabChoice; readonly signal: WakeSignal }
  | { readonly kind: 'background'; readonly tab: TabChoice; readonly clampMs: 0 | 1000 | 60_000 }
  | { readonly kind: 'freeze'; readonly tab: TabChoice }
  | { readonly kind: 'thaw'; readonly tab: TabChoice }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'clock'; readonly skewMs: number; readonly driftPpm: number }
  | { readonly kind: 'network'; readonly fault: NetworkFault; readonly latencyMs: number; readonly lateMs: number }
  | { readonly kind: 'online'; readonly online: boolean }
  | { readonly kind: 'storage'; readonly fault: StorageFault; readonly slowMs: number }
  | { readonly kind: 'clear' }
  /** A user signs in on a page of the server, so that the browser has another cookie. */
  | { readonly kind: 'serverSignIn'; readonly bot: BotId }
  | { readonly kind: 'clearJar' }
  /** The app calls `restoreSession()`. */
  | { readonly kind: 'restore'; readonly tab: TabChoice }
  | { readonly kind: 'api'; readonly mode: EndpointMode; readonly retryAfter: number | null };

/** Everything that is drawn for one world, from one seed. */
export interface Scenario {
  readonly tabs: number;
  readonly lifetimeMs: number;
  /** Whether the API answers a rotated refresh token with its successor for a while. */
  readonly hasGracePeriod: boolean;
  readonly hasLocks: boolean;
  readonly randomSeed: number;
  /** Delays on the device, used in turn, ms. */
  readonly delays: readonly number[];
  readonly events: readonly WorldEvent[];
  /** Where the clients keep access tokens: in storage, or each in its own memory. */
  readonly accessToken: 'stored' | 'memory';
  readonly place: TokenPlace;
}

const HOUR = 3_600_000;
const tab = fc.oneof({ weight: 6, arbitrary: fc.nat(7) }, { weight: 1, arbitrary: fc.constant<TabChoice>('refreshing') });
type Kind = WorldEvent['kind'];
type Drawn<K extends Kind> = Extract<WorldEvent, { kind: K }>;
type Members<K extends Kind> = { [M in Exclude<keyof Drawn<K>, 'kind'>]: fc.Arbitrary<Drawn<K>[M]> };

const draw = <K extends Kind>(weight: number, kind: K, members: Members<K>) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), ...members }) as unknown as fc.Arbitrary<WorldEvent>,
});

const anyPauseMs = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 50, max: 5000 }), fc.integer({ min: 5000, max: 90_000 }));

const ordinaryEvents = [
  draw(12, 'advance', { ms: anyPauseMs }),
  draw(8, 'call', { tab, times: fc.integer({ min: 1, max: 4 }), abortMs: fc.option(fc.nat(2000), { freq: 4 }) }),
  draw(2, 'write', { tab }),
  draw(3, 'refresh', { tab }),
  draw(2, 'signIn', { tab, bot: fc.constantFrom<BotId>('ember', 'cinder', 'spark') }),
  draw(1, 'signOut', { tab }),
  draw(3, 'revoke', {}),
  draw(1, 'endSession', { code: fc.constantFrom(451, 460, 800, 810) }),
  draw(1, 'open', {}),
  draw(1, 'duplicate', { tab }),
  draw(1, 'reload', { tab }),
  draw(1, 'close', { tab }),
  draw(2, 'wake', { tab, signal: fc.constantFrom<WakeSignal>('visible', 'focus', 'online', 'pageshow', 'resume') }),
  draw(2, 'background', { tab, clampMs: fc.constantFrom(0, 1000, 60_000) }),
  draw(2, 'freeze', { tab }),
  draw(2, 'thaw', { tab }),
  draw(1, 'sleep', { ms: fc.integer({ min: 1000, max: 2 * HOUR }) }),
  draw(1, 'clock', { skewMs: fc.constantFrom(0, HOUR, -HOUR, 87_660 * HOUR, -87_660 * HOUR), driftPpm: fc.constantFrom(0, 100, -100) }),
  draw(2, 'api', { mode: fc.constantFrom<EndpointMode>('ok', 'ok', '500', '503', '429', 'html', 'onlyRefreshToken', 'unreadable'), retryAfter: fc.option(fc.integer({ min: 0, max: 20 })) }),
];

const faultyEvents = [
  draw(3, 'network', {
    fault: fc.constantFrom<NetworkFault>('none', 'none', 'dropBefore', 'hangBefore', 'dropAfter', 'hangAfter', 'late'),
    latencyMs: fc.oneof(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 300, max: 3000 })),
    lateMs: anyLateMs,
  }),
  draw(2, 'kill', { tab, afterSteps: fc.oneof(fc.constant(0), fc.nat(12)) }),
  draw(2, 'online', { online: fc.boolean() }),
  draw(2, 'storage', {
    fault: fc.constantFrom<StorageFault>('none', 'none', 'readsFail', 'writesFail', 'silentBefore', 'silentAfter'),
    slowMs: fc.constantFrom(0, 0, 0, 300, 1000, 4000, 8000),
  }),
  draw(1, 'clear', {}),
];

const cookieEvents = [
  draw(2, 'serverSignIn', { bot: fc.constantFrom<BotId>('ember', 'cinder', 'spark') }),
  draw(1, 'clearJar', {}),
  draw(2, 'restore', { tab }),
];

/** Events that are put into those of a world whose refresh token is in a cookie. */
interface Inserted {
  /** Where they are put, modulo the number of the other events. */
  readonly at: number;
  readonly events: readonly WorldEvent[];
}

const anyInserted: fc.Arbitrary<Inserted[]> = fc.array(
  fc.record({ at: fc.nat(1000), events: fc.oneof(fc.oneof(...cookieEvents).map((event) => [event]), anyCookieHazard) }),
  { maxLength: 8, size: 'max' },
);

function withInserted(events: readonly WorldEvent[], inserted: readonly Inserted[]): readonly WorldEvent[] {
  return inserted.reduce((all, { at, events: more }) => all.toSpliced(at % (all.length + 1), 0, ...more), events);
}

/** If each tab gets its own access token, many tabs with very short lives would do nothing else. */
const lifetimeIn = ({ accessToken, lifetimeMs }: Scenario) => (accessToken === 'memory' ? Math.max(10_000, lifetimeMs) : lifetimeMs);

const anyScenario = (mostTabs: number, mostEvents: number, refreshToken?: TokenPlace['refreshToken']): fc.Arbitrary<Scenario> =>
  fc
    .record({
      tabs: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: mostTabs }) }, { weight: 1, arbitrary: fc.constant(1) }),
      hasGracePeriod: fc.boolean(),
      hasLocks: fc.constantFrom(true, true, true, true, false),
      lifetimeMs: fc.constantFrom(60_000, 2000, 10_000, HOUR),
      randomSeed: fc.nat(),
      delays: fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }),
      events: fc.array(fc.oneof(...ordinaryEvents, ...faultyEvents, { weight: 4, arbitrary: anyHazard }), { minLength: 1, maxLength: mostEvents, size: 'max' }).map((drawn) => drawn.flat()),
      // The last members, so that they change none of the others that a seed draws.
      accessToken: fc.constantFrom('stored', 'stored', 'stored', 'memory'),
      place: placeArbitrary(refreshToken),
      inserted: anyInserted,
    })
    .map(({ inserted, ...drawn }) => (drawn.place.refreshToken === 'page' ? drawn : { ...drawn, hasGracePeriod: false, lifetimeMs: lifetimeIn(drawn), events: withInserted(drawn.events, inserted) }));

/** Draws scenarios that start with up to `mostTabs` tabs. */
export function scenarioArbitrary({ mostTabs = 6, mostEvents = 45, refreshToken }: { mostTabs?: number | undefined; mostEvents?: number; refreshToken?: TokenPlace['refreshToken'] | undefined } = {}): fc.Arbitrary<Scenario> {
  // fast-check makes about every other value small. Each world is a single draw, so that would halve the large worlds.
  return fc.noBias(anyScenario(mostTabs, mostEvents, refreshToken));
}
