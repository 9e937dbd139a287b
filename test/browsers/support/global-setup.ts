import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { describeEngines, findEngines, type FoundEngines } from '../engines/search.ts';
import type { HarnessScripts } from '../server/page-server.ts';
import { buildHarness } from './build-harness.ts';
import { reportResults } from './report.ts';

declare module 'vitest' {
  interface ProvidedContext {
    engines: FoundEngines;
    harness: HarnessScripts;
    /** The folder for the measurements of each engine's tests. */
    results: string;
  }
}

/** Finds the engines, builds the pages, and prints the measurements at the end. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const engines = findEngines(process.env);
  console.info(`\n  The tab scenarios use ${describeEngines(engines)}\n`);
  const results = await mkdtemp(join(tmpdir(), 'browsers-'));
  provide('engines', engines);
  provide('harness', await buildHarness());
  provide('results', results);
  return async () => {
    await reportResults(results, new URL('../../../test-results/', import.meta.url));
    await rm(results, { recursive: true });
  };
}
