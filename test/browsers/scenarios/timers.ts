import { expect, it } from 'vitest';
import type { Stage } from '../support/stage.ts';

/** Timers of hidden tabs are told apart by that, ms: Firefox clamps them to 1000. */
const CLAMPED_MS = 900;

/** Whether the other scenarios of a stage were played with clamped timers, as they claim. */
export function describeTimers(stage: Stage, kind: 'clamped' | 'free'): void {
  it(`has played with ${kind} timers in its background tabs`, async () => {
    const visit = await stage.visit(3);
    const facts = await visit.askAll((tab) => tab.ask('facts'));
    const background = visit.tabs.filter((_, index) => facts[index]?.hidden);
    expect(background).not.toEqual([]);
    for (const tab of background) expect((await tab.ask('timerMs')) >= CLAMPED_MS ? 'clamped' : 'free').toBe(kind);
  });
}
