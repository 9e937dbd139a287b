import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumOptions } from './engines/chromium.ts';
import { startPageServer, type PageServer } from './server/page-server.ts';
import { watchMemory, type Held } from './support/heap.ts';
import type { Result } from './support/result.ts';
import { FULL } from './support/stage.ts';

const WARM_UP = FULL ? 1000 : 200;
const MORE = FULL ? 9000 : 300;

/** Compiled code and the engine's own caches come and go; a round that kept 30 bytes would show in the full run. */
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
  const page = await browser.newPage();
  await page.goto(`${pages.origin}/${name}`);
  await page.waitForFunction('window.endurance');
  return page;
}

/** Plays rounds, and tells what the page holds after the first ones and after all of them. */
async function endure(page: Page, scenario: string): Promise<{ early: Held; late: Held }> {
  const held = await watchMemory(page);
  const play = (rounds: number) => page.evaluate(`window.endurance.play('${scenario}', ${rounds})`);
  await play(WARM_UP);
  const early = await held();
  await play(MORE);
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

describe('in Chromium, after 10,000 rounds (500 in the quick form)', () => {
  it('holds no more memory, listeners, timers, channels and locks for signing in, calling, refreshing and signing out', async () => {
    expectNothingLeft(await endure(await open('memory'), 'signInAndOut'));
  });

  it('holds no more of them for clients that are created, used and disposed of', async () => {
    expectNothingLeft(await endure(await open('memory'), 'createAndDispose'));
  });

  it.each(['mountWithClient', 'mountWithConfig'])('holds no more of them for providers and hooks that are mounted and unmounted (%s)', async (scenario) => {
    expectNothingLeft(await endure(await open('react'), scenario));
  });
});
