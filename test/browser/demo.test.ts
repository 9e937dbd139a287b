import { describe, expect, it } from 'vitest';
import { brightness, overflow } from './support/looks.ts';
import { setUpDemo } from './support/demo-setup.ts';
import { tabTo } from './support/keyboard.ts';
import { feedOf, leakedPiece, signIn, storedText, tokensIn } from './support/visitor.ts';

const demo = setUpDemo();

describe('the demo at the first visit', () => {
  it('signs in and shows the feed, with no warning in the console and no token in the page', async () => {
    const visitor = await demo.visit();
    const page = await visitor.openTab();
    await signIn(page, 'Ember');

    await expect.poll(() => feedOf(page).count()).toBeGreaterThanOrEqual(5);
    await page.getByRole('heading', { name: 'Access token from sign-in' }).waitFor();
    expect(visitor.warnings).toEqual([]);
    expect([...visitor.hosts]).toEqual(['127.0.0.1']);

    const tokens = tokensIn(await storedText(page));
    expect(tokens).toHaveLength(2);
    const inSight = [await page.content(), page.url(), ...visitor.consoleLines].join('\n');
    expect(tokens.map((token) => leakedPiece(token, inSight))).toEqual([null, null]);
  });

  it('can be used with only a keyboard to sign in, post and sign out', async () => {
    const page = await (await demo.visit()).openTab();
    await tabTo(page, page.getByRole('button', { name: 'Sign in as Cinder' }));
    await page.keyboard.press('Enter');
    await feedOf(page).first().waitFor();

    await tabTo(page, page.getByLabel('New post'));
    await page.keyboard.type('Written without a mouse');
    await tabTo(page, page.getByRole('button', { name: 'Post', exact: true }));
    await page.keyboard.press('Space');
    await feedOf(page).filter({ hasText: 'Written without a mouse' }).waitFor();

    await tabTo(page, page.getByRole('button', { name: 'Sign out' }));
    await page.keyboard.press('Enter');
    await page.getByText('You signed out.').waitFor();
  });

  it('fits a phone in light and dark', async () => {
    const page = await (await demo.visit({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })).openTab();
    expect(await overflow(page)).toBe(0);
    await signIn(page, 'Spark');
    await page.getByRole('heading', { name: 'API log' }).waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await brightness(page)).toBeLessThan(60);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await brightness(page)).toBeGreaterThan(200);
  });
});

describe('the demo when a session ends', () => {
  it('signs the other tab out, and leaves no token in storage', async () => {
    const visitor = await demo.visit();
    const first = await visitor.openTab();
    await signIn(first, 'Cinder');
    const second = await visitor.openTab();
    await feedOf(second).first().waitFor();

    await first.getByRole('button', { name: 'Sign out' }).click();
    for (const page of [first, second]) {
      await page.getByText('You signed out.').waitFor();
      expect(tokensIn(await storedText(page))).toEqual([]);
    }
    expect(visitor.warnings).toEqual([]);
  });

  it('says why the API has ended the session', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Spark');
    await demo.control.end('spark', 810);
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByText('This profile is suspended.').waitFor();
  });

  it('shows the next user instead of the last one in every tab', async () => {
    const visitor = await demo.visit();
    const first = await visitor.openTab();
    await signIn(first, 'Ember');
    const second = await visitor.openTab();
    await second.getByText('Signed in as Ember').waitFor();
    await first.bringToFront(); // Chromium slows background tabs down.
    await first.getByRole('button', { name: 'Sign out' }).click();
    await signIn(first, 'Cinder');
    for (const page of [first, second]) await page.getByText('Signed in as Cinder').waitFor();
  });
});
