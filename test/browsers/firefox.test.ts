import { describe, inject } from 'vitest';
import { describeBursts } from './scenarios/burst.ts';
import { describeScenarios } from './scenarios/all.ts';
import { describeTimers } from './scenarios/timers.ts';
import { FULL, ROUNDS, setUpStage } from './support/stage.ts';

describe.skipIf(inject('engines').firefox === undefined)('Firefox', () => {
  const stage = setUpStage('firefox', 'Firefox');
  describeTimers(stage, 'clamped');
  describeScenarios(stage);
});

describe.skipIf(!FULL || inject('engines').firefox === undefined)('Firefox with free timers in background tabs', () => {
  const stage = setUpStage('firefox', 'Firefox, free timers', { freeTimers: true });
  describeTimers(stage, 'free');
  describeBursts(stage, Math.ceil(ROUNDS / 5));
});
