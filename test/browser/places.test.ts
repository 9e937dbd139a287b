import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { hasFocus, overflow } from './support/looks.ts';
import { setUpDemo } from './support/demo-setup.ts';
import { tabTo } from './support/keyboard.ts';
import { leakedPiece, signIn, signOutInTwoTabs, storedText, tokensIn } from './support/visitor.ts';

const demo = setUpDemo();
const PHONE = { viewport: { width: 360, height: 740 } };
const DARK_PHONE = { ...PHONE, colorScheme: 'dark' } as const;

const switchOf = (page: Page) => page.getByRole('navigation', { name: 'Where tokens live' });

/** Chooses a place, which loads the page again. */
async function choose(page: Page, place: 'Page' | 'Cookie'): Promise<void> {
  await switchOf(page).getByRole('link', { name: place, exact: true }).click();
  await switchOf(page).locator('[aria-current]', { hasText: place }).waitFor();
}

/** Lets a script of the page read the tokens, and returns the lines that say what it found. */
async function readByScript(page: Page): Promise<string[]> {
  await page.getByRole('button', { name: 'Read tokens' }).click();
  const lines = page.getByRole('list', { name: 'What a script has read' }).getByRole('listitem');
  await lines.first().waitFor();
  return (await lines.allTextContents()).map((line) => line.replace(/\d{2,}/, 'n'));
}

/** Clears what the page has stored, and loads it again. The client is disposed of first, because it would write its session back. */
async function clearStorage(page: Page): Promise<void> {
  await page.evaluate(`import('${demo.clientModule}').then(({ auth }) => {
    auth.dispose();
    return new Promise((resolve) => (indexedDB.deleteDatabase('unexpired').onsuccess = resolve));
  }).then(() => null)`);
  await page.reload();
}

describe('the demo with the refresh token in the page', () => {
  it('shows that a script can read both tokens, and none of their text', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    expect(await readByScript(page)).toEqual(['Access token: n characters, from IndexedDB', 'Refresh token: n characters, from IndexedDB', 'document.cookie: empty']);
    const [tokens, content] = [tokensIn(await storedText(page)), await page.content()];
    expect(tokens.map((token) => leakedPiece(token, content))).toEqual([null, null]);
  });
});

describe('the demo with the refresh token in a cookie', () => {
  it('keeps it in an HttpOnly cookie that no script can read', async () => {
    const visitor = await demo.visit();
    const page = await visitor.openTab();
    await choose(page, 'Cookie');
    await signIn(page, 'Ember');
    expect(await readByScript(page)).toEqual(['Access token: n characters, from IndexedDB', 'Refresh token: not found', 'document.cookie: bonfire_session']);
    const cookie = (await visitor.context.cookies()).find(({ name }) => name === 'bonfire_refresh');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/cookie/v1/oauth' });
    expect(await storedText(page)).not.toContain(cookie?.value);
    expect(visitor.warnings).toEqual([]);
  });

  it('refreshes with that cookie once for a call that is rejected', async () => {
    const page = await (await demo.visit()).openTab();
    await choose(page, 'Cookie');
    await signIn(page, 'Ember');
    await page.getByRole('button', { name: 'Revoke and call' }).click();
    await page.getByText('Answered after 1 refresh and 1 replay.').waitFor();
  });

  it('removes the cookie at sign-out, in every tab', async () => {
    const visitor = await demo.visit();
    const first = await visitor.openTab();
    await choose(first, 'Cookie');
    await signIn(first, 'Cinder');
    await signOutInTwoTabs(visitor, first, 'Cinder');
    await expect.poll(() => visitor.context.cookies()).toEqual([]);
  });

  it('signs in by the cookie if the storage of the page is cleared', async () => {
    const page = await (await demo.visit()).openTab();
    await choose(page, 'Cookie');
    await signIn(page, 'Spark');
    await clearStorage(page);
    await page.getByText('Signed in as Spark').waitFor();
    await page.getByRole('heading', { name: 'Access token from the cookie' }).waitFor();
  });

  it('says why it cannot restore the session, and goes on when the API answers', async () => {
    const page = await (await demo.visit()).openTab();
    await choose(page, 'Cookie');
    await signIn(page, 'Spark');
    await demo.cookieControl.fail({ endpoint: 'refresh', kind: 'unavailable', times: 1 });
    await clearStorage(page);
    await page.getByText('The refresh failed. It is not known yet whether you are signed in.').waitFor();
    await page.getByText('Signed in as Spark').waitFor();
  });

  it('keeps a session for each place', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await choose(page, 'Cookie');
    await signIn(page, 'Cinder');
    await choose(page, 'Page');
    await page.getByText('Signed in as Ember').waitFor();
  });
});

describe('the switch between the places', () => {
  it('says how to start the demo with a server if it has none', async () => {
    const page = await (await demo.visit()).openTab();
    const link = switchOf(page).getByRole('link', { name: 'Server' });
    expect(await link.getAttribute('aria-disabled')).toBe('true');
    await tabTo(page, link);
    expect(await page.locator(`#${await link.getAttribute('aria-describedby')}`).textContent()).toBe('For “Server”, start the demo with npm run demo -- --server.');
  });

  it('can be used with only a keyboard, before and after sign-in', async () => {
    const page = await (await demo.visit()).openTab();
    for (const place of ['Cookie', 'Page']) {
      const link = switchOf(page).getByRole('link', { name: place, exact: true });
      await tabTo(page, link);
      expect(await hasFocus(link)).toBe(true);
      await page.keyboard.press('Enter');
      await switchOf(page).locator('[aria-current]', { hasText: place }).waitFor();
    }
    await signIn(page, 'Spark');
    await tabTo(page, page.getByRole('button', { name: 'Read tokens' }));
    await page.keyboard.press('Space');
    await page.getByText('Refresh token: ').waitFor();
  });

  it.each([['light', PHONE], ['dark', DARK_PHONE]])('fits a phone in %s', async (_, options) => {
    const page = await (await demo.visit(options)).openTab();
    await choose(page, 'Cookie');
    expect(await overflow(page)).toBe(0);
    await signIn(page, 'Ember');
    await readByScript(page);
    expect(await overflow(page)).toBe(0);
  });
});
