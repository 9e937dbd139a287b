import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { brightness, overflow } from './support/looks.ts';
import { tabTo } from './support/keyboard.ts';
import { setUpDemo } from './support/demo-setup.ts';
import { feedOf, leakedPiece, signIn, storedText, tokensIn } from './support/visitor.ts';

const demo = setUpDemo();

const openDevtools = (page: Page) => page.getByRole('button', { name: /session devtools/ }).click();
const panelOf = (page: Page) => page.getByRole('region', { name: 'Session devtools' });
const eventOf = (page: Page, words: string | RegExp) => panelOf(page).getByRole('region', { name: 'Events' }).getByRole('listitem').filter({ hasText: words });

describe('the devtools in the demo', () => {
  it('draw the tab that refreshed and the tab that adopted its token', async () => {
    const visitor = await demo.visit();
    const first = await visitor.openTab();
    await signIn(first, 'Ember');
    const second = await visitor.openTab();
    await feedOf(second).first().waitFor();
    await first.bringToFront();
    await openDevtools(first);
    await panelOf(first).getByRole('button', { name: 'Refresh now' }).click();

    await eventOf(first, /this tab.*New tokens By this tab/).waitFor();
    await eventOf(first, /New tokens From another tab, no request needed/).waitFor();
    await expect.poll(() => panelOf(first).locator('.lane').count()).toBe(2);
    expect(await panelOf(first).locator('.bar-life[data-source="otherTab"]').count()).toBe(1);
    expect(visitor.warnings).toEqual([]);
  });

  it('explain why a session ended', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Cinder');
    await openDevtools(page);
    await demo.control.end('cinder', 810);
    await panelOf(page).getByRole('button', { name: 'Expire token' }).click();
    await eventOf(page, 'Session ended: suspended').getByText('The user is suspended.').waitFor();
    await eventOf(page, 'Refresh answered: final').waitFor();
  });

  it('draw 200 calls with a revoked token while they run: one refresh, all answered', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Spark');
    await openDevtools(page);
    const before = await demo.control.state();
    // By keyboard, because the panel may cover the button.
    await page.getByRole('button', { name: 'Revoke, 200 calls' }).press('Enter');
    await page.getByText(/200 of 200 calls answered, 1 refresh,/).waitFor();
    await page.getByRole('img', { name: '200 answered' }).waitFor();
    expect((await demo.control.state()).counts.refreshes - before.counts.refreshes).toBe(1);
    await expect.poll(() => panelOf(page).locator('.lane h3').first().textContent()).toMatch(/20\d calls, 200 replays, 1 refresh/);
  });

  // claim: no-token-in-the-copied-log
  it('copy the log for a bug report without any piece of a token in the copy or the page', async () => {
    const visitor = await demo.visit({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await visitor.openTab();
    await signIn(page, 'Ember');
    await openDevtools(page);
    await panelOf(page).getByRole('button', { name: 'Corrupt token' }).click();
    await page.getByLabel('New post').fill('with a corrupted token');
    await page.getByRole('button', { name: 'Post', exact: true }).press('Enter');
    await eventOf(page, /Call \d+ replayed With the new token/).waitFor();
    await panelOf(page).getByText('Token claims').click();
    await panelOf(page).getByRole('button', { name: 'Copy as JSON' }).click();
    await panelOf(page).getByRole('button', { name: 'Copied' }).waitFor();

    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(report)).toMatchObject({ session: { status: 'signedIn' } });
    const inSight = report + (await panelOf(page).innerHTML()) + (await page.content());
    expect(tokensIn(await storedText(page)).map((token) => leakedPiece(token, inSight))).toEqual([null, null]);
  });

  it('can be used by keyboard on a phone in dark mode', async () => {
    const page = await (await demo.visit({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })).openTab();
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
    await page.keyboard.press('Enter'); // The button has the focus again.
    await panelOf(page).waitFor();
    await page.keyboard.press('Escape');
    await panelOf(page).waitFor({ state: 'detached' });
  });

  it('cover little of a phone while the session is fresh, and name any other state', async () => {
    const page = await (await demo.visit({ viewport: { width: 390, height: 844 } })).openTab();
    await signIn(page, 'Ember');
    const widthOf = async (name: RegExp) => (await page.getByRole('button', { name }).boundingBox())?.width ?? 0;
    await expect.poll(() => widthOf(/^fresh.*session devtools/)).toBeLessThan(48);
    await demo.control.fail({ endpoint: 'refresh', kind: 'rateLimited', times: 1 });
    await demo.control.revoke();
    await page.getByRole('button', { name: 'Reload' }).click();
    expect(await widthOf(/^waiting.*session devtools/)).toBeGreaterThan(80);
  });

  it('show the timeline on a phone without scrolling the panel', async () => {
    const page = await (await demo.visit({ viewport: { width: 390, height: 844 } })).openTab();
    await signIn(page, 'Ember');
    await openDevtools(page);
    const chart = await panelOf(page).getByRole('group', { name: /Timeline of all tabs/ }).boundingBox();
    expect((chart?.y ?? Infinity) + (chart?.height ?? 0)).toBeLessThan(844);
  });
});
