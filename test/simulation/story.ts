import fc from 'fast-check';
import type { WakeSignal } from 'unexpired/core';
import type { NetworkFault, StorageFault } from '../support/world.ts';
import { keepClear, type KnownGaps } from './known-gaps.ts';
import { anyLateMs, anyScene } from './scenes.ts';

export type BotId = 'ember' | 'cinder' | 'spark';

/** What the token endpoint answers in place of tokens. */
export type Trouble = 'well' | '500' | '503' | '429' | 'html';

/** Which tab: a number counts those that are open, round; `refreshing` is the one whose refresh is under way. */
export type Which = number | 'refreshing';

/** One thing that happens in a simulated world. */
export type Happening =
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'call'; readonly tab: Which; readonly times: number; readonly abortMs: number | null }
  | { readonly kind: 'write'; readonly tab: Which }
  | { readonly kind: 'refresh'; readonly tab: Which }
  | { readonly kind: 'signIn'; readonly tab: Which; readonly bot: BotId }
  | { readonly kind: 'signOut'; readonly tab: Which }
  | { readonly kind: 'revoke' }
  | { readonly kind: 'endSession'; readonly code: 451 | 460 | 800 | 810 }
  | { readonly kind: 'open' }
  | { readonly kind: 'duplicate'; readonly tab: Which }
  | { readonly kind: 'reload'; readonly tab: Which }
  | { readonly kind: 'close'; readonly tab: Which }
  /** The tab dies in place of its n-th step from now: at an await. */
  | { readonly kind: 'kill'; readonly tab: Which; readonly afterSteps: number }
  | { readonly kind: 'wake'; readonly tab: Which; readonly signal: WakeSignal }
  | { readonly kind: 'background'; readonly tab: Which; readonly clampMs: 0 | 1000 | 60_000 }
  | { readonly kind: 'freeze'; readonly tab: Which }
  | { readonly kind: 'thaw'; readonly tab: Which }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'clock'; readonly skewMs: number; readonly driftPpm: number }
  | { readonly kind: 'network'; readonly fault: NetworkFault; readonly latencyMs: number; readonly lateMs: number }
  | { readonly kind: 'online'; readonly online: boolean }
  | { readonly kind: 'storage'; readonly fault: StorageFault; readonly slowMs: number }
  | { readonly kind: 'clear' }
  | { readonly kind: 'api'; readonly trouble: Trouble; readonly retryAfter: number | null };

/** A world from its first moment to its last: drawn by one seed, and shrunk by it when it fails. */
export interface Story {
  readonly tabs: number;
  readonly lifetimeMs: number;
  /** Whether a spent refresh token still brings its successor for a while. */
  readonly grace: boolean;
  readonly hasLocks: boolean;
  /** Where the session is kept. */
  readonly storage: 'simulated' | 'localStorage';
  readonly randomSeed: number;
  /** Delays on the device, in turn, ms. */
  readonly delays: readonly number[];
  readonly happenings: readonly Happening[];
}

const HOUR = 3_600_000;
const tab = fc.oneof({ weight: 6, arbitrary: fc.nat(7) }, { weight: 1, arbitrary: fc.constant<Which>('refreshing') });
type Kind = Happening['kind'];
type Drawn<K extends Kind> = Extract<Happening, { kind: K }>;
type Members<K extends Kind> = { [M in Exclude<keyof Drawn<K>, 'kind'>]: fc.Arbitrary<Drawn<K>[M]> };

const draw = <K extends Kind>(weight: number, kind: K, members: Members<K>) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), ...members }) as unknown as fc.Arbitrary<Happening>,
});

const passing = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 50, max: 5000 }), fc.integer({ min: 5000, max: 90_000 }));

const plain = [
  draw(12, 'pass', { ms: passing }),
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
  draw(2, 'api', { trouble: fc.constantFrom<Trouble>('well', 'well', '500', '503', '429', 'html'), retryAfter: fc.option(fc.integer({ min: 0, max: 20 })) }),
];

const faulty = [
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

/** Without locks `localStorage` goes by timers alone, which some of these tabs have not. */
const device = fc.constantFrom<Pick<Story, 'hasLocks' | 'storage'>>(
  ...Array.from({ length: 6 }, () => ({ hasLocks: true, storage: 'simulated' as const })),
  ...Array.from({ length: 2 }, () => ({ hasLocks: true, storage: 'localStorage' as const })),
  ...Array.from({ length: 2 }, () => ({ hasLocks: false, storage: 'simulated' as const })),
);

const anyStory = (mostTabs: number, mostHappenings: number): fc.Arbitrary<Story> =>
  fc
    .record({
      tabs: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: mostTabs }) }, { weight: 1, arbitrary: fc.constant(1) }),
      grace: fc.boolean(),
      device,
      lifetimeMs: fc.constantFrom(60_000, 2000, 10_000, HOUR),
      randomSeed: fc.nat(),
      delays: fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }),
      happenings: fc.array(fc.oneof(...plain, ...faulty, { weight: 4, arbitrary: anyScene }), { minLength: 1, maxLength: mostHappenings, size: 'max' }).map((drawn) => drawn.flat()),
    })
    .map(({ device: chosen, ...story }) => ({ ...story, ...chosen }));

/** Draws stories that keep clear of the gaps, of up to `mostTabs` tabs to start with. */
export function storyOf(gaps: KnownGaps, mostTabs = 6, mostHappenings = 45): fc.Arbitrary<Story> {
  // Unbiased: a world is one draw, and shall not be a small one every other time.
  return fc.noBias(anyStory(mostTabs, mostHappenings)).map((story) => keepClear(story, gaps));
}
