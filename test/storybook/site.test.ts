import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openContext } from '../browser/support/browser.ts';
import { differences, measure, type Look } from './support/layout.ts';
import { openSite, type Site, type SiteEntry } from './support/site.ts';
import { openEntry } from './support/story-page.ts';
import { tokensShown } from './support/tokens-shown.ts';

let site: Site;
let browser: Browser;

beforeAll(async () => {
  [site, browser] = await Promise.all([openSite(), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([site.close(), browser.close()]);
});

/** Opens entries with three visitors, because one page that loads slowly would delay the rest. Returns the entries with problems. */
async function visitAll(
  entries: readonly SiteEntry[],
  options: BrowserContextOptions,
  look: (entry: SiteEntry, page: Page) => Promise<string[]> = () => Promise.resolve([]),
): Promise<Record<string, string[]>> {
  const waiting = [...entries];
  const found: Record<string, string[]> = {};
  const visitor = async () => {
    const context = await openContext(browser, options);
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const { page, problems } = await openEntry(context, site, entry);
      problems.push(...(await look(entry, page)));
      if (problems.length > 0) found[entry.id] = problems;
      await page.close();
    }
    await context.close();
  };
  await Promise.all([visitor(), visitor(), visitor()]);
  return found;
}

describe('the static Storybook below a path of a host', () => {
  it('plays every story without an error, a token in the DOM or a request to another host', async () => {
    const stories = site.entries.filter(({ type }) => type === 'story');
    expect(stories.length).toBeGreaterThan(30);
    expect(await visitAll(stories, {}, (_entry, page) => tokensShown(page))).toEqual({});
  });

  it('shows every docs page without an error, a token in the DOM or a request to another host', async () => {
    const pages = site.entries.filter(({ type }) => type === 'docs');
    expect(pages.length).toBeGreaterThan(5);
    expect(await visitAll(pages, {}, (_entry, page) => tokensShown(page))).toEqual({});
  });
});

describe('stories on one docs page', () => {
  it('each use an API of their own, so that every state is shown', async () => {
    const docs = site.entries.filter(({ id }) => id === 'states-session--docs');
    const stateOf = (page: Page, story: string) => page.locator(`[id^="story--states-session--${story}"] .state`).first().textContent();
    const shown = { 'signed-out': 'signed out', loading: 'loading', fresh: 'fresh', 'waiting-after-503': 'waiting', 'waiting-after-429': 'waiting', misconfigured: 'blocked' };
    const problems = await visitAll(docs, {}, async (_entry, page) => {
      await expect
        .poll(() => Promise.all(Object.keys(shown).map((story) => stateOf(page, story))))
        .toEqual(Object.values(shown));
      return [];
    });
    expect([docs.length, problems]).toEqual([1, {}]);
  });
});

const MAIN_STORIES = [
  'states-session--signed-out',
  'states-session--fresh',
  'states-session--waiting-after-429',
  'states-session--rejected-and-replayed',
  'states-session--misconfigured',
  'states-ended--suspended',
  'states-side-by-side--two-users',
  'hooks-hooks--use-authed-fetch',
  'devtools-authdevtools--why-it-ended',
];

const VIEWS: Readonly<Record<string, BrowserContextOptions>> = {
  desk: { viewport: { width: 1000, height: 800 } },
  'phone-dark': { viewport: { width: 360, height: 760 }, colorScheme: 'dark' },
};

const LOOKS = fileURLToPath(new URL('./looks', import.meta.url));

describe.each(Object.keys(VIEWS))('the main stories on a %s', (view) => {
  it('look as in the snapshots (update them with npm run looks)', async () => {
    const stories = site.entries.filter(({ id }) => MAIN_STORIES.includes(id));
    expect(stories).toHaveLength(MAIN_STORIES.length);
    await mkdir(LOOKS, { recursive: true });
    const changed = await visitAll(stories, VIEWS[view] ?? {}, async (entry, page) => {
      const looks = await measure(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      return [...(wide > 0 ? [`${wide} px too wide`] : []), ...(await compare(`${LOOKS}/${entry.id}.${view}.json`, looks))];
    });
    expect(changed).toEqual({});
  });
});

async function compare(file: string, looks: readonly Look[]): Promise<string[]> {
  if (process.env['UPDATE_LOOKS'] === '1') {
    await writeFile(file, `[\n${looks.map((look) => `  ${JSON.stringify(look)}`).join(',\n')}\n]\n`);
    return [];
  }
  if (!existsSync(file)) return ['has no snapshot: run npm run looks'];
  return differences(JSON.parse(await readFile(file, 'utf8')) as Look[], looks);
}
