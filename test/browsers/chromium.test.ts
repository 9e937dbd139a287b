import { describe, inject } from 'vitest';
import { describeScenarios, INSECURE_HOST } from './scenarios/all.ts';
import { setUpStage } from './support/stage.ts';

describe.skipIf(inject('engines').chromium === undefined)('Chromium', () => {
  describeScenarios(setUpStage('chromium', 'Chromium', { insecureHost: INSECURE_HOST }));
});
