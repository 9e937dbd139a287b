import { expect, it } from 'vitest';
import type { Setup } from '../support/engine-setup.ts';
import { TABS } from './burst.ts';

/** A clamped timer of a hidden tab takes 1000 ms in Firefox, a free one 10. This lies between them. */
const CLAMPED_MS = 900;

/** Whether the other scenarios of this setup run with the timers that its title names. */
export function describeTimers(setup: Setup, kind: 'clamped' | 'free'): void {
  it(`background tabs run with ${kind} timers`, async () => {
    const profile = await setup.openTabs(TABS);
    const facts = await profile.askAll((tab) => tab.ask('facts'));
    const background = profile.tabs.filter((_, index) => facts[index]?.hidden);
    expect(background).not.toEqual([]);
    const tookMs = await Promise.all(background.map((tab) => tab.ask('timerMs')));
    expect(tookMs.map((ms) => (ms < CLAMPED_MS ? 'free' : 'clamped'))).toEqual(tookMs.map(() => kind));
  });
}
