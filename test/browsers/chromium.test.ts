import { describe, inject } from 'vitest';
import { describeScenarios } from './scenarios/all.ts';
import { setUpStage } from './support/stage.ts';

describe.skipIf(inject('engines').chromium === undefined)('Chromium', () => {
  describeScenarios(setUpStage('chromium', 'Chromium'));
});
