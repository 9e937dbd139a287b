import { describe, inject } from 'vitest';
import { describeScenarios } from './scenarios/all.ts';
import { setUpEngine } from './support/engine-setup.ts';

describe.skipIf(inject('engines').webkit === undefined)('in WebKitGTK', () => {
  describeScenarios(setUpEngine('webkit', 'WebKitGTK'));
});
