import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import type { EngineName, LaunchOptions, RunningEngine } from '../engines/engine.ts';
import { launch } from '../engines/launch.ts';
import { startApiServer, type ApiServer } from '../server/api-server.ts';
import { startPageServer, type PageServer } from '../server/page-server.ts';
import type { Result } from './result.ts';
import { openVisit, type Visit, type VisitOptions } from './visit.ts';

/** How many rounds the scenarios with a burst are played. */
export const ROUNDS = Number(process.env['BROWSER_ROUNDS'] ?? 2);

/** An engine with its servers, for the tests of one file. */
export interface Stage {
  /** What the engine is called in the results. */
  readonly title: string;
  readonly name: EngineName;
  readonly engine: RunningEngine;
  readonly api: ApiServer;
  readonly pages: PageServer;
  /** Everything that anybody could see so far. */
  readonly evidence: string[];
  /** Opens a profile with so many tabs, which is closed after the test. */
  readonly visit: (tabs: number, options?: VisitOptions) => Promise<Visit>;
  /** Lets time pass in the world, for the API and for the pages that are loaded from now on. */
  readonly pass: (ms: number) => void;
  readonly note: (result: Result) => void;
}

/** Starts an engine and its servers before the tests, and ends them afterwards. */
export function setUpStage(name: EngineName, title: string, options: Omit<LaunchOptions, 'path'> = {}): Stage {
  let aheadMs = 0;
  let parts: { engine: RunningEngine; api: ApiServer; pages: PageServer } | undefined;
  const visits: Visit[] = [];
  const results: Result[] = [];
  const evidence: string[] = [];
  const there = () => parts ?? fail('The stage is not set up yet.');

  beforeAll(async () => {
    const path = inject('engines')[name] ?? fail(`There is no ${name}.`);
    const [api, pages] = await Promise.all([startApiServer(() => aheadMs), startPageServer(inject('harness'), () => aheadMs)]);
    const engine = await launch(name, { ...options, path }).catch(async (error: unknown) => {
      await Promise.all([api.close(), pages.close()]);
      throw error;
    });
    parts = { engine, api, pages };
  });
  afterEach(async () => {
    const { api } = there();
    for (const visit of visits.splice(0)) {
      evidence.push(...(await visit.evidence().finally(visit.close).finally(api.renew)));
    }
  });
  afterAll(async () => {
    await parts?.engine.close();
    await Promise.all([parts?.api.close(), parts?.pages.close()]);
    await writeFile(join(inject('results'), `${title}.json`), JSON.stringify(results));
  });

  return {
    title,
    name,
    get engine() {
      return there().engine;
    },
    get api() {
      return there().api;
    },
    get pages() {
      return there().pages;
    },
    evidence,
    visit: async (tabs, visitOptions) => {
      const { engine, pages, api } = there();
      const visit = await openVisit(await engine.openProfile(), pages, api, visitOptions);
      visits.push(visit);
      await visit.openTabs(tabs);
      return visit;
    },
    pass: (ms) => {
      aheadMs += ms;
    },
    note: (result) => void results.push(result),
  };
}

function fail(message: string): never {
  throw new Error(message);
}
