import fc from 'fast-check';
import type { WakeSignal } from 'unexpired/core';
import type { NetworkFault } from '../support/world.ts';

/** One thing that happens in a simulated world; `tab` counts the tabs that are open. */
export type Happening =
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'call'; readonly tab: number; readonly times: number }
  | { readonly kind: 'write'; readonly tab: number }
  | { readonly kind: 'refresh'; readonly tab: number }
  | { readonly kind: 'signIn'; readonly tab: number; readonly bot: 'ember' | 'cinder' | 'spark' }
  | { readonly kind: 'signOut'; readonly tab: number }
  | { readonly kind: 'revoke' }
  | { readonly kind: 'open' }
  | { readonly kind: 'kill'; readonly tab: number }
  | { readonly kind: 'wake'; readonly tab: number; readonly signal: WakeSignal }
  | { readonly kind: 'clock'; readonly skewMs: number }
  | { readonly kind: 'network'; readonly fault: NetworkFault; readonly latencyMs: number }
  | { readonly kind: 'api'; readonly answer: '503' | '429' | 'html' | 'well' };

/** A world from its first moment to its last: drawn by one seed, and shrunk by it when it fails. */
export interface Story {
  readonly tabs: number;
  readonly lifetimeMs: number;
  readonly delays: readonly number[];
  readonly happenings: readonly Happening[];
}

const tab = fc.nat(7);
const HOUR = 3_600_000;

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 50, max: 5000 }), fc.integer({ min: 5000, max: 120_000 })) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('call' as const), tab, times: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('write' as const), tab }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refresh' as const), tab }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('signIn' as const), tab, bot: fc.constantFrom('ember' as const, 'cinder' as const, 'spark' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('signOut' as const), tab }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'revoke' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'open' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), tab }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wake' as const), tab, signal: fc.constantFrom<WakeSignal>('visible', 'focus', 'online', 'pageshow', 'resume') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clock' as const), skewMs: fc.constantFrom(0, HOUR, -HOUR, 87_660 * HOUR, -87_660 * HOUR) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('network' as const), fault: fc.constantFrom<NetworkFault>('none', 'none', 'dropBefore', 'hangBefore'), latencyMs: fc.integer({ min: 2, max: 3000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('api' as const), answer: fc.constantFrom('503' as const, '429' as const, 'html' as const, 'well' as const) }) },
);

/** Draws stories. */
export const story: fc.Arbitrary<Story> = fc.record({
  tabs: fc.integer({ min: 1, max: 6 }),
  lifetimeMs: fc.constantFrom(2000, 10_000, 60_000, 3_600_000),
  delays: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 }),
  happenings: fc.array(happening, { minLength: 1, maxLength: 25 }),
});
