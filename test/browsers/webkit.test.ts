import { describe, inject } from 'vitest';
import { describeScenarios } from './scenarios/all.ts';
import { setUpStage } from './support/stage.ts';

describe.skipIf(inject('engines').webkit === undefined)('WebKitGTK', () => {
  describeScenarios(setUpStage('webkit', 'WebKitGTK'));
});
