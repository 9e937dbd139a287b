import { describe, inject } from 'vitest';
import { describeBursts } from './scenarios/burst.ts';
import { setUpStage } from './support/stage.ts';

describe.skipIf(inject('engines').webkit === undefined)('WebKitGTK', () => {
  const stage = setUpStage('webkit', 'WebKitGTK');
  describeBursts(stage);
});
