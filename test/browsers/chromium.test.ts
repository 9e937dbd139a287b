import { describe, inject } from 'vitest';
import { describeScenarios } from './scenarios/all.ts';
import { describeWithoutLocks } from './scenarios/without-locks.ts';
import { setUpStage } from './support/stage.ts';

describe.skipIf(inject('engines').chromium === undefined)('Chromium', () => {
  describeScenarios(setUpStage('chromium', 'Chromium'));
});

describe.skipIf(inject('engines').chromium === undefined)('Chromium on an insecure page', () => {
  const host = 'plain.test';
  const stage = setUpStage('chromium', 'Chromium, http://plain.test', { insecureHost: host });
  describeWithoutLocks(stage, 'an insecure context', { host });
});
