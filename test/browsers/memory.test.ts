import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { chromium, type Browser, type Page } from 'playwright-core';
import { openContext } from '../browser/support/browser.ts';
import { chromiumOptions } from './engines/chromium.ts';
import { startPageServer, type PageServer } from './server/page-server.ts';
import { watchMemory, type Held } from './support/heap.ts';
import type { Result } from './support/result.ts';
import { FULL } from './support/engine-setup.ts';

const WARM_UP = FULL ? 1000 : 200;
const MORE = FULL ? 9000 : 300;

/** Compiled code and the engine's caches vary by this much. A round that kept 30 bytes would still show in the full run. */
const TOLERATED_BYTES = 256 * 1024;

const results: Result[] = [];

let browser: Browser;
let pages: PageServer;

beforeAll(async () => {
  pages = await startPageServer(inject('harness'), () => 0);
  browser = await chromium.launch(chromiumOptions({ path: inject('engines').chromium ?? '' }));
});

afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await writeFile(join(inject('results'), 'memory.json'), JSON.stringify(results));
});

async function open(name: 'memory' | 'react'): Promise<Page> {
  const page = await (await openContext(browser)).newPage();
  await page.goto(`${pages.origin}/${name}`);
  await page.waitForFunction('window.endurance');
  return page;
}

/** Runs rounds, and returns what the page holds after the first ones and after all of them. */
async function runRounds(page: Page, scenario: string): Promise<{ early: Held; late: Held }> {
  const held = await watchMemory(page);
  const run = (rounds: number) => page.evaluate(`window.endurance.run('${scenario}', ${rounds})`);
  await run(WARM_UP);
  const early = await held();
  await run(MORE);
  const late = await held();
  results.push(resultOf(scenario, early, late));
  return { early, late };
}

function resultOf(scenario: string, early: Held, late: Held): Result {
  const kilobytes = (late.heapBytes - early.heapBytes) / 1024;
  const change = (name: Exclude<keyof Held, 'heapBytes'>) => `${name} ${early[name]} to ${late[name]}`;
  const note = `since round ${WARM_UP}: heap ${kilobytes.toFixed(0)} kB more, ${change('listeners')}, ${change('timers')}, ${change('channels')}, ${change('locks')}`;
  return { engine: 'Chromium, memory', version: browser.version(), scenario, rounds: WARM_UP + MORE, refreshes: 0, reuses: 0, answers: 0, calls: 0, lived: null, note };
}

function expectNothingLeft({ early, late }: { early: Held; late: Held }): void {
  const { heapBytes, ...handles } = late;
  const { heapBytes: heapBefore, ...handlesBefore } = early;
  expect(handles).toEqual(handlesBefore);
  expect(heapBytes - heapBefore).toBeLessThan(TOLERATED_BYTES);
}

describe('in Chromium after 10,000 rounds (500 in the quick form)', () => {
  it('a page that signs in, calls, refreshes and signs out holds no more memory, listeners, timers, channels or locks', async () => {
    expectNothingLeft(await runRounds(await open('memory'), 'signInAndOut'));
  });

  it('a page that creates, uses and disposes of clients holds no more memory, listeners, timers, channels or locks', async () => {
    expectNothingLeft(await runRounds(await open('memory'), 'createAndDispose'));
  });

  it.each(['mountWithClient', 'mountWithConfig'])('a page that mounts and unmounts providers and hooks holds no more memory, listeners, timers, channels or locks (%s)', async (scenario) => {
    expectNothingLeft(await runRounds(await open('react'), scenario));
  });
});
