import { describe, inject } from 'vitest';
import { describeScenarios, INSECURE_HOST } from './scenarios/all.ts';
import { setUpEngine } from './support/engine-setup.ts';

describe.skipIf(inject('engines').chromium === undefined)('in Chromium', () => {
  describeScenarios(setUpEngine('chromium', 'Chromium', { insecureHost: INSECURE_HOST }));
});
