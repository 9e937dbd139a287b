import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { brightness, overflow } from './support/looks.ts';
import { tabTo } from './support/keyboard.ts';
import { setUpStage } from './support/stage.ts';
import { feedOf, leakedPiece, signIn, storedText, tokensIn } from './support/visitor.ts';

const stage = setUpStage();

const openDevtools = (page: Page) => page.getByRole('button', { name: /session devtools/ }).click();
const panelOf = (page: Page) => page.getByRole('region', { name: 'Session devtools' });
const eventOf = (page: Page, words: string | RegExp) => panelOf(page).getByRole('region', { name: 'Events' }).getByRole('listitem').filter({ hasText: words });

it('draws two tabs: the one that refreshed, and the one that adopted', async () => {
  const visitor = await stage.visit();
  const first = await visitor.openTab();
  await signIn(first, 'Ember');
  const second = await visitor.openTab();
  await feedOf(second).first().waitFor();
  await first.bringToFront();
  await openDevtools(first);
  await panelOf(first).getByRole('button', { name: 'Refresh now' }).click();

  await eventOf(first, /this tab.*New tokens by this tab/).waitFor();
  await eventOf(first, /New tokens by another tab: this one adopted it/).waitFor();
  await expect.poll(() => panelOf(first).locator('.lane').count()).toBe(2);
  expect(await panelOf(first).locator('.bar-life[data-source="otherTab"]').count()).toBe(1);
  expect(visitor.complaints).toEqual([]);
});

it('lets somebody find out why a session ended', async () => {
  const page = await (await stage.visit()).openTab();
  await signIn(page, 'Cinder');
  await openDevtools(page);
  await stage.control.end('cinder', 810);
  await panelOf(page).getByRole('button', { name: 'Treat as expired' }).click();
  await eventOf(page, 'Session ended: suspended').getByText('The user is suspended (810).').waitFor();
  await eventOf(page, 'Refresh answered: final').waitFor();
});

it('draws a storm as it goes: 200 calls on a revoked token, one refresh, all answered', async () => {
  const page = await (await stage.visit()).openTab();
  await signIn(page, 'Spark');
  await openDevtools(page);
  const before = await stage.control.state();
  // The panel covers the button on a small screen: a keyboard gets there all the same.
  await page.getByRole('button', { name: /^Storm/ }).press('Enter');
  await page.getByText('200 calls cost 1 refresh.').waitFor();
  await page.getByRole('img', { name: '200 answered' }).waitFor();
  expect((await stage.control.state()).counts.refreshes - before.counts.refreshes).toBe(1);
  await expect.poll(() => panelOf(page).locator('.lane h3').first().textContent()).toMatch(/20\d calls, 200 replays, 1 refresh/);
});

// claim: no-token-in-the-copied-log
it('copies its log for a bug report: no piece of a token in it, nor in the page', async () => {
  const visitor = await stage.visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await visitor.openTab();
  await signIn(page, 'Ember');
  await openDevtools(page);
  await panelOf(page).getByRole('button', { name: 'Damage the access token' }).click();
  await page.getByLabel('Say something at the fire').fill('through a damaged token');
  await page.getByRole('button', { name: 'Post', exact: true }).press('Enter');
  await eventOf(page, /replayed once more/).waitFor();
  await panelOf(page).getByText('Claims of the access token').click();
  await panelOf(page).getByRole('button', { name: 'Copy as JSON' }).click();
  await panelOf(page).getByRole('button', { name: 'Copied' }).waitFor();

  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(report)).toMatchObject({ session: { status: 'signedIn' } });
  const inSight = report + (await panelOf(page).innerHTML()) + (await page.content());
  expect(tokensIn(await storedText(page)).map((token) => leakedPiece(token, inSight))).toEqual([null, null]);
});

it('can be used by keyboard, on a phone, in the dark', async () => {
  const page = await (await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })).openTab();
  await signIn(page, 'Ember');
  await tabTo(page, page.getByRole('button', { name: /session devtools/ }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('group', { name: /Timeline of all tabs/ }));
  await page.keyboard.press('ArrowLeft');
  await panelOf(page).getByRole('status').filter({ hasText: /\d\d:\d\d:\d\d\.\d{3}/ }).waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await panelOf(page).evaluate((panel) => panel.scrollWidth - panel.clientWidth)).toBeLessThanOrEqual(0);
  expect(await brightness(page)).toBeLessThan(60);
  await page.keyboard.press('Escape');
  await panelOf(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Enter'); // The button has the focus again, and hands it to the panel.
  await panelOf(page).waitFor();
  await page.keyboard.press('Escape');
  await panelOf(page).waitFor({ state: 'detached' });
});

it('covers little of a phone while all is well: the words come with a state to tell of', async () => {
  const page = await (await stage.visit({ viewport: { width: 390, height: 844 } })).openTab();
  await signIn(page, 'Ember');
  const widthOf = async (name: RegExp) => (await page.getByRole('button', { name }).boundingBox())?.width ?? 0;
  await expect.poll(() => widthOf(/^fresh.*session devtools/)).toBeLessThan(48);
  await stage.control.fail({ endpoint: 'refresh', kind: 'rateLimited', times: 1 });
  await stage.control.revoke();
  await page.getByRole('button', { name: 'Reload the feed' }).click();
  expect(await widthOf(/^waiting.*session devtools/)).toBeGreaterThan(80);
});
