import { describe, inject } from 'vitest';
import { describeBursts } from './scenarios/burst.ts';
import { setUpStage } from './support/stage.ts';

describe.skipIf(inject('engines').chromium === undefined)('Chromium', () => {
  const stage = setUpStage('chromium', 'Chromium');
  describeBursts(stage);
});
