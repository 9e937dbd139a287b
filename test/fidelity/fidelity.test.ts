import { randomInt, randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openContext } from '../browser/support/browser.ts';
import { buildPage } from './build-page.ts';
import { CASES } from './cases.ts';
import { DIFFERENCES } from './differences.ts';
import { createCertificate } from './server/certificate.ts';
import { startServer, type FidelityServer } from './server/server.ts';
import { REPLAYS, WAYS, WITHOUT_REFRESH, type RunCase, type Way } from './ways.ts';

let browser: Browser | undefined;
let server: FidelityServer | undefined;
let page: Page;

beforeAll(async () => {
  const certificate = createCertificate(Date.now());
  [server, browser] = await Promise.all([buildPage().then((script) => startServer(certificate, script)), launchBrowser([certificate.chromiumSwitch])]);
  page = await openPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function openPage(): Promise<Page> {
  if (!browser || !server) throw new Error('The browser and the server are not started yet.');
  const opened = await (await openContext(browser)).newPage();
  await opened.goto(`${server.home}/v1/?other=${server.other}`);
  return opened;
}

const runCase: RunCase = (name, way) => page.evaluate(([one, by]) => window.runCase(one, by), [name, way] as const);

const outcomeOf = async (name: string, way: Way) => {
  const { outcome, unhandled } = await runCase(name, way);
  expect(unhandled).toEqual([]);
  return outcome;
};

async function outcomesOf(name: string, ways: readonly Way[]): Promise<Record<string, unknown>> {
  const outcomes: Record<string, unknown> = {};
  for (const way of ways) outcomes[way] = await outcomeOf(name, way);
  return outcomes;
}

const allAs = (ways: readonly Way[], outcome: unknown) => Object.fromEntries(ways.map((way) => [way, outcome]));

describe('client.fetch matches native fetch', () => {
  for (const { name, shows, ways = WAYS } of CASES) {
    it(name, async () => {
      const natively = await outcomeOf(name, 'natively');
      expect(natively).toEqual(partOf(shows));
      expect(await outcomesOf(name, ways)).toEqual(allAs(ways, natively));
    });
  }

  // A page that is gone cannot wait for a refresh.
  it.each<Way>(['natively', ...WITHOUT_REFRESH])('when a keepalive call outlives its page (%s)', async (way) => {
    const id = randomUUID();
    const leaving = await openPage();
    await leaving.evaluate(([by, name]) => window.sendAtTheEnd(by, name), [way, id] as const);
    await leaving.goto('about:blank');
    await server?.until(`kept:${id}:last words`);
    await leaving.close();
  });
});

describe('client.fetch has the outcome of native fetch, although each first send is rejected,', () => {
  const seed = Number(process.env['FIDELITY_SEED'] ?? randomInt(2 ** 31));

  it.each(REPLAYS)('in 500 drawn calls (%s)', async (way) => {
    const { differences, rejections } = await page.evaluate(([from, by]) => window.runDrawn(from, 500, by), [seed, way] as const);
    expect(differences, `Repeat with FIDELITY_SEED=${seed}`).toEqual([]);
    expect(rejections).toBeGreaterThan(150);
  });
});

describe('client.fetch, unlike native fetch,', () => {
  for (const { name, because, shows, ours, ways } of DIFFERENCES) {
    it(`${name}, because ${because}`, async () => {
      expect(await outcomeOf(name, 'natively')).toEqual(partOf(shows));
      expect(await outcomesOf(name, ways)).toEqual(allAs(ways, partOf(ours)));
    });
  }
});

describe('the fidelity cases', () => {
  it('refresh once in the ways that wait or replay, and never in the others', async () => {
    const refreshes = await Promise.all(WAYS.map(async (way) => (await runCase('when the address is a Request', way)).refreshes));
    expect(refreshes).toEqual([0, 1, 1, 1, 0]);
  });

  it('have unique names', () => {
    const names = [...CASES, ...DIFFERENCES].map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

/** A matcher for values that have at least these parts. A pattern matches a text. */
function partOf(shown: unknown): unknown {
  if (shown instanceof RegExp) return expect.stringMatching(shown);
  if (Array.isArray(shown)) return shown.map(partOf);
  if (typeof shown !== 'object' || shown === null) return shown;
  return expect.objectContaining(Object.fromEntries(Object.entries(shown).map(([name, part]) => [name, partOf(part)])));
}
