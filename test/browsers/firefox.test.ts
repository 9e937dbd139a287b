import { describe, inject } from 'vitest';
import { describeBursts } from './scenarios/burst.ts';
import { setUpStage } from './support/stage.ts';

describe.skipIf(inject('engines').firefox === undefined)('Firefox', () => {
  const stage = setUpStage('firefox', 'Firefox');
  describeBursts(stage);
});
