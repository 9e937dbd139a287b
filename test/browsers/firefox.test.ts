import { describe, inject } from 'vitest';
import { describeBursts } from './scenarios/burst.ts';
import { describeScenarios } from './scenarios/all.ts';
import { describeTimers } from './scenarios/timers.ts';
import { FULL, ROUNDS, setUpEngine } from './support/engine-setup.ts';

describe.skipIf(inject('engines').firefox === undefined)('in Firefox', () => {
  const setup = setUpEngine('firefox', 'Firefox');
  describeTimers(setup, 'clamped');
  describeScenarios(setup);
});

describe.skipIf(!FULL || inject('engines').firefox === undefined)('in Firefox with free timers in background tabs', () => {
  const setup = setUpEngine('firefox', 'Firefox, free timers', { freeTimers: true });
  describeTimers(setup, 'free');
  describeBursts(setup, Math.ceil(ROUNDS / 5));
});
