import { expect, it } from 'vitest';
import type { Stage } from '../support/stage.ts';
import { TABS } from './burst.ts';

/** Clamped timers of hidden tabs take 1000 ms in Firefox, free ones 10: that tells them apart. */
const CLAMPED_MS = 900;

/** Whether the other scenarios of a stage were played with clamped timers, as they claim. */
export function describeTimers(stage: Stage, kind: 'clamped' | 'free'): void {
  it(`has played with ${kind} timers in its background tabs`, async () => {
    const visit = await stage.visit(TABS);
    const facts = await visit.askAll((tab) => tab.ask('facts'));
    const background = visit.tabs.filter((_, index) => facts[index]?.hidden);
    expect(background).not.toEqual([]);
    const tookMs = await Promise.all(background.map((tab) => tab.ask('timerMs')));
    expect(tookMs.map((ms) => (ms < CLAMPED_MS ? 'free' : 'clamped'))).toEqual(tookMs.map(() => kind));
  });
}
