import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { FleetState } from '../../demo/instances/fleet.ts';
import { patience } from '../support/pace.ts';
import { createControl, type Control } from './support/control.ts';
import { serveDemoPage, type DemoPage } from './support/demo-page.ts';
import { isRunning, startDemo, type DemoProcess } from './support/demo-process.ts';
import { LONG_LIFETIME_MS } from './support/demo-setup.ts';
import { tabTo } from './support/keyboard.ts';
import { brightness, overflow } from './support/looks.ts';
import { createVisitor, feedOf, leakedPiece, signIn, signOutInTwoTabs, storedText, type Visitor } from './support/visitor.ts';

let browser: Browser;
let demo: DemoProcess;
let served: DemoPage;
let control: Control;
const visitors: Visitor[] = [];

beforeAll(async () => {
  [browser, demo] = await Promise.all([chromium.connect(inject('chromium'), { timeout: patience(60_000) }), startDemo(['--server'])]);
  served = await serveDemoPage(demo.apiUrl, demo.pageUrl);
  control = createControl(new URL('/server/v1', demo.apiUrl).href);
});
beforeEach(async () => {
  await control.clearFaults();
  await control.configure({ accessTokenLifetimeMs: LONG_LIFETIME_MS, latencyMs: 0 });
  // An instance that a test has stopped starts again by itself.
  await expect.poll(async () => (await fleet()).instances.map(({ status }) => status)).toEqual(['running', 'running']);
});
afterEach(async () => {
  for (const { context } of visitors.splice(0)) await context.close();
});
afterAll(async () => {
  const pids = (await fleet()).instances.map(({ pid }) => pid);
  await Promise.all([browser.close(), served.close()]);
  expect(await demo.stop()).toMatchObject({ code: 0 });
  expect(pids.filter(isRunning)).toEqual([]);
});

async function visit(options: BrowserContextOptions = {}): Promise<Visitor> {
  const visitor = await createVisitor(browser, served.pageUrl, options);
  visitors.push(visitor);
  return visitor;
}

/** Opens the page with the tokens on the server. */
async function openTab({ context }: Visitor): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${served.pageUrl}/?tokens=server`);
  return page;
}

async function fleet(): Promise<FleetState> {
  return (await (await fetch(new URL('/server/control/instances', demo.apiUrl))).json()) as FleetState;
}

/** Records what the page sends to the server and the API, and what it receives. The cookie is set where no script can read it. */
function record({ context }: Visitor): () => Promise<string> {
  const parts: Promise<string>[] = [];
  context.on('response', (response) => {
    const request = response.request();
    const { pathname } = new URL(request.url());
    if (!/^\/(auth|api)\//.test(pathname) || pathname === '/auth/events') return;
    const { 'set-cookie': _cookie, ...headers } = response.headers();
    const text = response.text().catch(() => '');
    parts.push(text.then((body) => [request.url(), JSON.stringify([request.headers(), headers]), request.postData() ?? '', body].join('\n')));
  });
  return async () => (await Promise.all(parts)).join('\n');
}

async function post(page: Page, text: string): Promise<void> {
  await page.getByLabel('New post').fill(text);
  await page.getByRole('button', { name: 'Post', exact: true }).click();
}

const instanceOf = (page: Page, number: number) => page.getByRole('listitem', { name: `Instance ${number}` });

describe('the demo with the tokens on a server', () => {
  it('has no token in the page, in its storage, and in what the page sends and receives', async () => {
    const visitor = await visit();
    const recorded = record(visitor);
    const page = await openTab(visitor);
    await signIn(page, 'Ember');
    await post(page, 'Written without a token');
    await feedOf(page).filter({ hasText: 'Written without a token' }).waitFor();
    const before = await control.state();
    await control.revoke();
    await page.getByRole('button', { name: 'Reload' }).click();
    await control.until('a refresh by the server', ({ counts }) => counts.refreshes > before.counts.refreshes);
    await page.locator('[aria-busy="false"].feed').waitFor();
    await page.getByRole('button', { name: 'Read tokens' }).click();
    const lines = page.getByRole('list', { name: 'What a script has read' }).getByRole('listitem');
    await lines.first().waitFor();

    expect(await lines.allTextContents()).toEqual(['Access token: not found', 'Refresh token: not found', expect.stringMatching(/^Public name of the session: [\w-]{22}$/), 'document.cookie: empty']);
    const readable = [await page.content(), await storedText(page), await page.evaluate(() => JSON.stringify([localStorage, sessionStorage])), ...visitor.consoleLines].join('\n');
    const sent = await recorded();
    expect(sent).toContain('Written without a token');
    expect(`${readable}\n${sent}`).not.toMatch(/eyJ[\w-]{8}/); // All tokens of this API are JWTs.
    const id = (await visitor.context.cookies()).find(({ name }) => name === 'bonfire_server');
    expect(id).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(leakedPiece(id?.value ?? '', readable)).toBe(null);
  });

  it('draws its instances as lanes in the devtools, below the tabs', async () => {
    const page = await openTab(await visit());
    await signIn(page, 'Ember');
    await page.getByRole('button', { name: /session devtools/ }).click();
    const lanes = page.getByRole('group', { name: /^Timeline of all tabs/ });
    for (const number of [1, 2]) await lanes.getByRole('region', { name: `Instance ${number}` }).waitFor();
    await lanes.getByText(/request/).first().waitFor();
    expect(await lanes.locator('.bar-call').count()).toBeGreaterThan(0);
  });

  it('publishes a post although an instance is killed in the middle of a refresh, with one refresh a generation', async () => {
    const page = await openTab(await visit());
    await signIn(page, 'Ember');
    const before = await control.state();
    await page.getByRole('button', { name: 'Stop during a refresh' }).click();
    await page.getByText(/was stopped in the middle of its refresh\. The other one/).waitFor();
    await post(page, 'Written during the crash');
    const result = await page.getByText(/has refreshed instead/).textContent();
    await feedOf(page).filter({ hasText: 'Written during the crash' }).waitFor();

    expect(result).toMatch(/^Instance (1 .* Instance 2|2 .* Instance 1) has refreshed instead\. The call got 200 after [\d.]+ s\. You are still signed in\.$/);
    await page.getByText('Signed in as Ember').waitFor();
    const { calls, counts } = await control.state();
    const now = calls.slice(before.calls.length);
    const refreshes = now.filter(({ endpoint }) => endpoint === 'refresh');
    expect(refreshes.map(({ status }) => status === 200)).toEqual([false, true]);
    expect(new Set(refreshes.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(now.filter(({ endpoint, status }) => endpoint === 'myPosts' && status === 201)).toHaveLength(1);
    expect(counts).toMatchObject({ reuses: 0, maxConcurrentRefreshes: 1, created: before.counts.created });
  });

  it('refreshes once for 200 calls over both instances', async () => {
    const page = await openTab(await visit());
    await signIn(page, 'Spark');
    await page.getByRole('button', { name: 'Revoke, 200 calls' }).click();
    await page.getByText('200 of 200 calls answered, 1 refresh on the server.').waitFor();
    expect((await fleet()).instances.every(({ requests }) => requests > 50)).toBe(true);
  });

  it('signs out in every tab, and removes the cookie', async () => {
    const visitor = await visit();
    const first = await openTab(visitor);
    await signIn(first, 'Cinder');
    await signOutInTwoTabs(visitor, first, 'Cinder');
    await expect.poll(() => visitor.context.cookies()).toEqual([]);
  });

  it('can be used with only a keyboard on a dark phone', async () => {
    const page = await (await visit({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })).openTab();
    const place = page.getByRole('navigation', { name: 'Where tokens live' }).getByRole('link', { name: 'Server' });
    await tabTo(page, place);
    await page.keyboard.press('Enter');
    await page.waitForURL(/tokens=server/);
    expect(await overflow(page)).toBe(0);
    await tabTo(page, page.getByRole('button', { name: 'Sign in as Ember' }));
    await page.keyboard.press('Enter');
    await feedOf(page).first().waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Stop instance 2' }));
    await page.keyboard.press('Space');
    await instanceOf(page, 2).getByText('stopped', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Reload' }).press('Enter');
    await page.locator('[aria-busy="false"].feed').waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await brightness(page)).toBeLessThan(60);
  });
});
