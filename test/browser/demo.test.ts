import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from './support/browser.ts';
import { createControl, type Control } from './support/control.ts';
import { startDemo, type DemoProcess } from './support/demo-process.ts';
import { createVisitor, feedOf, leakedPiece, signIn, storedText, tokensIn, type Visitor } from './support/visitor.ts';

let browser: Browser;
let demo: DemoProcess;
let control: Control;
const visitors: Visitor[] = [];

beforeAll(async () => {
  [browser, demo] = await Promise.all([launchBrowser(), startDemo()]);
  control = createControl(demo.apiUrl);
});

afterAll(async () => {
  await browser?.close();
  const exit = await demo?.stop();
  expect(exit?.code).toBe(0);
});

beforeEach(async () => {
  await control.clearFaults();
  await control.configure({ accessTokenLifetimeMs: 300_000, latencyMs: 0 });
});

afterEach(async () => {
  for (const { context } of visitors.splice(0)) await context.close();
});

async function visit(options: BrowserContextOptions = {}): Promise<Visitor> {
  const visitor = await createVisitor(browser, demo.pageUrl, options);
  visitors.push(visitor);
  return visitor;
}

const origin = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();

describe('the first visit', () => {
  it('signs in and shows the feed, without a complaint and without a token in sight', async () => {
    const visitor = await visit();
    const page = await visitor.openTab();
    await signIn(page, 'Ember');

    await expect.poll(() => feedOf(page).count()).toBeGreaterThanOrEqual(5);
    await origin(page, 'signed in here');
    expect(visitor.complaints).toEqual([]);

    const tokens = tokensIn(await storedText(page));
    expect(tokens).toHaveLength(2);
    const inSight = [await page.content(), page.url(), ...visitor.said].join('\n');
    expect(tokens.map((token) => leakedPiece(token, inSight))).toEqual([null, null]);
  });

  it('can be done by keyboard alone: signing in, posting, signing out', async () => {
    const page = await (await visit()).openTab();
    await page.getByRole('button', { name: 'Sign in as Cinder' }).waitFor();
    await tabTo(page, 'Sign in as Cinder');
    await page.keyboard.press('Enter');
    await feedOf(page).first().waitFor();

    await tabTo(page, 'Say something at the fire');
    await page.keyboard.type('Written without a mouse');
    await tabTo(page, 'Post');
    await page.keyboard.press('Space');
    await feedOf(page).filter({ hasText: 'Written without a mouse' }).waitFor();

    await tabTo(page, 'Sign out');
    await page.keyboard.press('Enter');
    await page.getByText('You signed out.').waitFor();
  });

  it('fits a phone, in the dark too', async () => {
    const page = await (await visit({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })).openTab();
    expect(await overflow(page)).toBe(0);
    await signIn(page, 'Spark');
    await page.getByRole('heading', { name: 'What the API saw' }).waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await brightness(page)).toBeLessThan(60);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await brightness(page)).toBeGreaterThan(200);
  });
});

describe('while signed in', () => {
  it('stays fresh through three lifetimes in two tabs, with one refresh a lifetime and no refused call', async () => {
    await control.configure({ accessTokenLifetimeMs: 4000 });
    const visitor = await visit();
    const first = await visitor.openTab();
    await signIn(first, 'Ember');
    const second = await visitor.openTab();
    await feedOf(second).first().waitFor();
    const before = await control.state();

    const after = await control.until('three refreshes more', ({ counts }) => counts.refreshes >= before.counts.refreshes + 3);
    for (const page of [first, second]) {
      await page.getByRole('button', { name: 'Reload the feed' }).click();
      await feedOf(page).first().waitFor();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    }

    const refreshes = after.calls.slice(before.calls.length).filter(({ endpoint }) => endpoint === 'refresh');
    expect(refreshes.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(refreshes.map(({ refreshToken }) => refreshToken)).size).toBe(3);
    expect(after.counts).toMatchObject({ reuses: 0, maxConcurrentRefreshes: 1 });
    expect((await control.state()).counts.rejections).toBe(before.counts.rejections);
    expect(visitor.complaints).toEqual([]);
  });

  it('posts right after the token was revoked: one refresh, one replay, the same body, one post', async () => {
    const page = await (await visit()).openTab();
    await signIn(page, 'Ember');
    const before = await control.state();

    await page.getByRole('button', { name: 'Revoke the access token' }).click();
    await page.getByText('Revoked. The next call finds out').waitFor();
    await page.getByLabel('Say something at the fire').fill('Straight through: ä, 🔥 & "quotes"');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    const posted = feedOf(page).filter({ hasText: 'Straight through' });
    await posted.waitFor();

    const { calls, counts } = await control.state();
    const sent = calls.slice(before.calls.length).filter(({ endpoint }) => endpoint === 'myPosts' || endpoint === 'refresh');
    expect(sent.map(({ endpoint, status, errorCode }) => [endpoint, status, errorCode])).toEqual([
      ['myPosts', 401, 450],
      ['refresh', 200, null],
      ['myPosts', 201, null],
    ]);
    expect(sent[2]?.body).toBe(JSON.stringify({ text: 'Straight through: ä, 🔥 & "quotes"' }));
    expect(sent[0]?.body).toBe(sent[2]?.body);
    expect(counts.refreshes - before.counts.refreshes).toBe(1);
    expect(await posted.count()).toBe(1);
    await page.locator('[data-tally="Calls replayed"]', { hasText: '1' }).waitFor();
  });

  it('keeps the session over a reload without a refresh', async () => {
    const page = await (await visit()).openTab();
    await signIn(page, 'Spark');
    const before = await control.state();
    await page.reload();
    await feedOf(page).first().waitFor();
    await origin(page, 'found in storage');
    const after = await control.state();
    expect(after.counts).toMatchObject({ created: before.counts.created, refreshes: before.counts.refreshes });
  });

  it('stays signed in while the API gives no token, and goes on by itself afterwards', async () => {
    const page = await (await visit()).openTab();
    await signIn(page, 'Ember');
    const before = await control.state();
    await control.fail({ endpoint: 'refresh', kind: 'unavailable', times: 2 });
    await control.revoke();
    await page.getByLabel('Say something at the fire').fill('Through the storm');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await feedOf(page).filter({ hasText: 'Through the storm' }).waitFor();
    const { calls } = await control.state();
    const refreshes = calls.slice(before.calls.length).filter(({ endpoint }) => endpoint === 'refresh');
    expect(refreshes.map(({ status }) => status)).toEqual([503, 503, 200]);
  });
});

describe('the end of a session', () => {
  it('reaches the other tab on sign-out, and leaves no token in storage', async () => {
    const visitor = await visit();
    const first = await visitor.openTab();
    await signIn(first, 'Cinder');
    const second = await visitor.openTab();
    await feedOf(second).first().waitFor();

    await first.getByRole('button', { name: 'Sign out' }).click();
    for (const page of [first, second]) {
      await page.getByText('You signed out.').waitFor();
      expect(tokensIn(await storedText(page))).toEqual([]);
    }
    expect(visitor.complaints).toEqual([]);
  });

  it('says why when the API has ended it', async () => {
    const page = await (await visit()).openTab();
    await signIn(page, 'Spark');
    await control.end('spark', 810);
    await page.getByRole('button', { name: 'Reload the feed' }).click();
    await page.getByText('This profile is suspended.').waitFor();
  });

  it('shows the next user nothing of the last one', async () => {
    const visitor = await visit();
    const first = await visitor.openTab();
    await signIn(first, 'Ember');
    const second = await visitor.openTab();
    await second.getByText('Signed in as Ember').waitFor();
    await first.getByRole('button', { name: 'Sign out' }).click();
    await signIn(first, 'Cinder');
    for (const page of [first, second]) await page.getByText('Signed in as Cinder').waitFor();
  });
});

async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = () => page.evaluate((label) => {
    const focused = document.activeElement;
    const labels = focused instanceof HTMLTextAreaElement ? [...focused.labels].map(({ textContent }) => textContent) : [focused?.textContent];
    return focused !== document.body && labels.some((text) => text?.startsWith(label));
  }, name);
  for (let presses = 0; presses < 40; presses += 1) {
    if (await wanted()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`40 presses of Tab never reached “${name}”.`);
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number);
    return (red + green + blue) / 3;
  });
}
