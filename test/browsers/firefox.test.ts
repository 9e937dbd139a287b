import { describe, inject } from 'vitest';
import { describeBursts } from './scenarios/burst.ts';
import { describeScenarios } from './scenarios/all.ts';
import { FULL, ROUNDS, setUpStage } from './support/stage.ts';

describe.skipIf(inject('engines').firefox === undefined)('Firefox', () => {
  describeScenarios(setUpStage('firefox', 'Firefox'));
});

describe.skipIf(!FULL || inject('engines').firefox === undefined)('Firefox with free timers in background tabs', () => {
  describeBursts(setUpStage('firefox', 'Firefox, free timers', { freeTimers: true }), Math.ceil(ROUNDS / 5));
});
