import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import type { EngineName, LaunchOptions, RunningEngine } from '../engines/engine.ts';
import { launch } from '../engines/launch.ts';
import { startApiServer, type ApiServer } from '../server/api-server.ts';
import { startPageServer, type PageServer } from '../server/page-server.ts';
import type { Note, Result } from './result.ts';
import { openBrowserProfile, type BrowserProfile, type ProfileOptions } from './browser-profile.ts';

/** How many rounds the scenarios with a burst run. */
export const ROUNDS = roundsOf(process.env['BROWSER_ROUNDS'] ?? '2');

/** Whether every scenario runs. The quick form skips variations. */
export const FULL = ROUNDS >= 25;

/** How many rounds the other scenarios run. */
export const FEWER_ROUNDS = Math.ceil(ROUNDS / 2);

/** An engine with its servers, for the tests of one file. */
export interface Setup {
  /** The engine's title in the results. */
  readonly title: string;
  readonly name: EngineName;
  readonly engine: RunningEngine;
  readonly api: ApiServer;
  readonly pages: PageServer;
  /** Everything that the pages have exposed so far. */
  readonly exposed: string[];
  /** Opens tabs in one profile. Reuses the tabs of the last test if it passed and had the same options. */
  readonly openTabs: (tabs: number, options?: ProfileOptions) => Promise<BrowserProfile>;
  /** Closes the profile. The next test gets a new one. */
  readonly closeProfile: () => Promise<void>;
  /** Moves the tests' clock ahead, for the API and for pages that load from now on. */
  readonly passTime: (ms: number) => void;
  readonly record: (note: Note) => void;
}

/** Starts an engine and its servers before the tests, and ends them afterwards. */
export function setUpEngine(name: EngineName, title: string, options: Omit<LaunchOptions, 'path'> = {}): Setup {
  let aheadMs = 0;
  let parts: { engine: RunningEngine; api: ApiServer; pages: PageServer } | undefined;
  let current: { profile: BrowserProfile; wanted: string } | undefined;
  const results: Result[] = [];
  const exposed: string[] = [];
  const started = () => parts ?? fail('The engine is not set up yet.');

  async function closeProfile(): Promise<void> {
    const closing = current?.profile;
    current = undefined;
    await closing?.close();
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
    started().api.renew();
    if (task.result?.state === 'fail') await closeProfile();
    else await current?.profile.collect();
  });
  afterAll(async () => {
    await closeProfile().catch(() => undefined); // The profile ends with its engine in any case.
    await parts?.engine.close();
    await Promise.all([parts?.api.close(), parts?.pages.close()]);
    await writeFile(join(inject('results'), `${title.replace(/\W+/g, '-')}.json`), JSON.stringify(results));
  });

  return {
    title,
    name,
    get engine() {
      return started().engine;
    },
    get api() {
      return started().api;
    },
    get pages() {
      return started().pages;
    },
    exposed,
    openTabs: async (tabs, profileOptions = {}) => {
      const wanted = JSON.stringify(profileOptions);
      if (current?.wanted !== wanted) {
        await closeProfile();
        const { engine, pages, api } = started();
        current = { profile: openBrowserProfile(await engine.openProfile(), pages, api, exposed, profileOptions), wanted };
      }
      await current.profile.setTabs(tabs);
      return current.profile;
    },
    closeProfile,
    passTime: (ms) => {
      aheadMs += ms;
    },
    record: (note) => void results.push({ ...note, version: started().engine.version }),
  };
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  return Number.isInteger(rounds) && rounds > 0 ? rounds : fail(`BROWSER_ROUNDS must be a whole number, 1 or more, not ${JSON.stringify(text)}.`);
}

function fail(message: string): never {
  throw new Error(message);
}
