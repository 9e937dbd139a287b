import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import type { EngineName, LaunchOptions, RunningEngine } from '../engines/engine.ts';
import { launch } from '../engines/launch.ts';
import { startApiServer, type ApiServer } from '../server/api-server.ts';
import { startPageServer, type PageServer } from '../server/page-server.ts';
import type { Note, Result } from './result.ts';
import { openVisit, type Visit, type VisitOptions } from './visit.ts';

/** How many rounds the scenarios with a burst are played. */
export const ROUNDS = roundsOf(process.env['BROWSER_ROUNDS'] ?? '2');

/** Whether everything is played; the quick form leaves out what is a variation, and says so. */
export const FULL = ROUNDS >= 25;

/** How many rounds the other scenarios that have any are played. */
export const FEWER_ROUNDS = Math.ceil(ROUNDS / 2);

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
  /** So many tabs of one profile: those of the last test if it went well and wanted such pages, too. */
  readonly visit: (tabs: number, options?: VisitOptions) => Promise<Visit>;
  /** Closes the profile; the next visit has another one. */
  readonly leave: () => Promise<void>;
  /** Lets time pass in the world, for the API and for the pages that are loaded from now on. */
  readonly pass: (ms: number) => void;
  readonly note: (note: Note) => void;
}

/** Starts an engine and its servers before the tests, and ends them afterwards. */
export function setUpStage(name: EngineName, title: string, options: Omit<LaunchOptions, 'path'> = {}): Stage {
  let aheadMs = 0;
  let parts: { engine: RunningEngine; api: ApiServer; pages: PageServer } | undefined;
  let standing: { visit: Visit; wanted: string } | undefined;
  const results: Result[] = [];
  const evidence: string[] = [];
  const there = () => parts ?? fail('The stage is not set up yet.');

  async function leave(): Promise<void> {
    const left = standing?.visit;
    standing = undefined;
    await left?.close();
  }

  beforeAll(async () => {
    const path = inject('engines')[name] ?? fail(`There is no ${name}.`);
    const [api, pages] = await Promise.all([startApiServer(() => aheadMs), startPageServer(inject('harness'), () => aheadMs)]);
    const engine = await launch(name, { ...options, path }).catch(async (error: unknown) => {
      await Promise.all([api.close(), pages.close()]);
      throw error;
    });
    parts = { engine, api, pages };
  });
  afterEach(async ({ task }) => {
    there().api.renew();
    if (task.result?.state === 'fail') await leave();
    else await standing?.visit.gather();
  });
  afterAll(async () => {
    await leave().catch(() => undefined); // It ends with its engine in any case.
    await parts?.engine.close();
    await Promise.all([parts?.api.close(), parts?.pages.close()]);
    await writeFile(join(inject('results'), `${title.replace(/\W+/g, '-')}.json`), JSON.stringify(results));
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
    visit: async (tabs, visitOptions = {}) => {
      const wanted = JSON.stringify(visitOptions);
      if (standing?.wanted !== wanted) {
        await leave();
        const { engine, pages, api } = there();
        standing = { visit: openVisit(await engine.openProfile(), pages, api, evidence, visitOptions), wanted };
      }
      await standing.visit.setTabs(tabs);
      return standing.visit;
    },
    leave,
    pass: (ms) => {
      aheadMs += ms;
    },
    note: (note) => void results.push({ ...note, version: there().engine.version }),
  };
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  return Number.isInteger(rounds) && rounds > 0 ? rounds : fail(`BROWSER_ROUNDS must be a whole number, 1 or more, not ${JSON.stringify(text)}.`);
}

function fail(message: string): never {
  throw new Error(message);
}
