import { describe, expect, it } from 'vitest';
import { brightness, overflow } from './support/looks.ts';
import { setUpStage } from './support/stage.ts';
import { tabTo } from './support/keyboard.ts';
import { feedOf, leakedPiece, signIn, storedText, tokensIn } from './support/visitor.ts';

const stage = setUpStage();

describe('the first visit', () => {
  it('signs in and shows the feed, without a complaint and without a token in sight', async () => {
    const visitor = await stage.visit();
    const page = await visitor.openTab();
    await signIn(page, 'Ember');

    await expect.poll(() => feedOf(page).count()).toBeGreaterThanOrEqual(5);
    await page.getByText('signed in here', { exact: true }).waitFor();
    expect(visitor.complaints).toEqual([]);
    expect([...visitor.hosts]).toEqual(['127.0.0.1']);

    const tokens = tokensIn(await storedText(page));
    expect(tokens).toHaveLength(2);
    const inSight = [await page.content(), page.url(), ...visitor.said].join('\n');
    expect(tokens.map((token) => leakedPiece(token, inSight))).toEqual([null, null]);
  });

  it('can be done by keyboard alone: signing in, posting, signing out', async () => {
    const page = await (await stage.visit()).openTab();
    await tabTo(page, page.getByRole('button', { name: 'Sign in as Cinder' }));
    await page.keyboard.press('Enter');
    await feedOf(page).first().waitFor();

    await tabTo(page, page.getByLabel('Say something at the fire'));
    await page.keyboard.type('Written without a mouse');
    await tabTo(page, page.getByRole('button', { name: 'Post', exact: true }));
    await page.keyboard.press('Space');
    await feedOf(page).filter({ hasText: 'Written without a mouse' }).waitFor();

    await tabTo(page, page.getByRole('button', { name: 'Sign out' }));
    await page.keyboard.press('Enter');
    await page.getByText('You signed out.').waitFor();
  });

  it('fits a phone, in the dark too', async () => {
    const page = await (await stage.visit({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' })).openTab();
    expect(await overflow(page)).toBe(0);
    await signIn(page, 'Spark');
    await page.getByRole('heading', { name: 'What the API saw' }).waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await brightness(page)).toBeLessThan(60);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await brightness(page)).toBeGreaterThan(200);
  });
});

describe('the end of a session', () => {
  it('reaches the other tab on sign-out, and leaves no token in storage', async () => {
    const visitor = await stage.visit();
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
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Spark');
    await stage.control.end('spark', 810);
    await page.getByRole('button', { name: 'Reload the feed' }).click();
    await page.getByText('This profile is suspended.').waitFor();
  });

  it('shows the next user nothing of the last one', async () => {
    const visitor = await stage.visit();
    const first = await visitor.openTab();
    await signIn(first, 'Ember');
    const second = await visitor.openTab();
    await second.getByText('Signed in as Ember').waitFor();
    await first.bringToFront(); // Chromium slows down the tabs behind.
    await first.getByRole('button', { name: 'Sign out' }).click();
    await signIn(first, 'Cinder');
    for (const page of [first, second]) await page.getByText('Signed in as Cinder').waitFor();
  });
});
