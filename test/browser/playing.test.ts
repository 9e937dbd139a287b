import { describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { hasFocus, overflow } from './support/looks.ts';
import { setUpStage } from './support/stage.ts';
import { tabTo } from './support/keyboard.ts';
import { feedOf, signIn } from './support/visitor.ts';

const stage = setUpStage();

const controlsOf = (page: Page) => page.getByRole('complementary', { name: 'Play the API' });
const logOf = (page: Page) => controlsOf(page).getByRole('region', { name: 'What the API saw' });

describe('a storm', () => {
  it('ends in what it cost: one refresh for 200 calls', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Ember');
    await controlsOf(page).getByRole('button', { name: /^Storm/ }).click();
    await controlsOf(page).getByRole('status').getByText('200 calls cost 1 refresh.').waitFor();
    await controlsOf(page).getByText(/200 of 200 answered; \d+ were refused first, and sent once more\./).waitFor();
  });

  it('leaves the refresh in sight: what is alike is one line, for the API and for the tab', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Ember');
    await controlsOf(page).getByRole('button', { name: /^Storm/ }).click();
    await logOf(page).getByRole('listitem').filter({ hasText: /refresh token \d+/ }).waitFor();
    await logOf(page).getByRole('listitem').filter({ hasText: /\/users\/me × \d{2,}.*200$/ }).waitFor();
    await page.getByText(/^\d{2,} × The API refused the token of GET/).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Refreshed by this tab.' }).waitFor();
  });

  it('costs no refresh while the token is good', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Ember');
    await controlsOf(page).getByRole('button', { name: '200 calls at once' }).click();
    await controlsOf(page).getByRole('status').getByText('200 calls cost no refresh.').waitFor();
    await controlsOf(page).getByText('200 of 200 answered.').waitFor();
  });
});

describe('a planned fault', () => {
  it('says when it will be met, and can be met at once: the session stays', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Ember');
    await controlsOf(page).getByRole('button', { name: 'Let them fail' }).click();
    await controlsOf(page).getByText('3 more refreshes will be answered 503.').waitFor();
    await controlsOf(page).getByLabel('How', { exact: true }).selectOption('rateLimited');
    await controlsOf(page).getByRole('button', { name: 'Let them fail' }).click();
    await controlsOf(page).getByText('3 more refreshes will be answered 429').waitFor();
    await controlsOf(page).getByText('The next one comes by itself, shortly before the token expires.').waitFor();
    await controlsOf(page).getByRole('button', { name: 'Have it now' }).click();
    await controlsOf(page).getByText('2 more refreshes will be answered 429').waitFor();
    await controlsOf(page).getByText('You stay signed in, and the next try comes by itself.').waitFor();
    await controlsOf(page).getByRole('button', { name: 'All well again' }).click();
    await controlsOf(page).getByText('Nothing is set to fail.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  });

  it('says that it waits for a post, when posts are to fail', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Ember');
    await controlsOf(page).getByLabel('Of what').selectOption('posts');
    await controlsOf(page).getByLabel('How many').selectOption('the next 1');
    await controlsOf(page).getByRole('button', { name: 'Let them fail' }).click();
    await controlsOf(page).getByText('1 more post will be answered 503. Write one to see it.').waitFor();
  });
});

describe('what cannot be pressed', () => {
  it('says why, to those who see it and to those who reach it by keyboard', async () => {
    const page = await (await stage.visit()).openTab();
    for (const name of ['Revoke the access token', /^Storm/, '200 calls at once', 'End the session']) {
      const button = controlsOf(page).getByRole('button', { name });
      await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
      expect(await descriptionOf(button)).toBe('What is grey needs a session: sign in first.');
      await tabTo(page, button);
    }
    expect(await descriptionOf(controlsOf(page).getByRole('button', { name: 'All well again' }))).toBe('Nothing is set to fail.');
    await signIn(page, 'Ember');
    await controlsOf(page).getByText('What is grey needs a session').waitFor({ state: 'detached' });
  });

  it('is no empty post: it asks for words', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Ember');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await page.getByText('Write something first.').waitFor();
    expect(await hasFocus(page.getByLabel('Say something at the fire'))).toBe(true);
  });
});

describe('by keyboard', () => {
  it('keeps the focus on what was pressed, while it is under way and afterwards', async () => {
    const page = await (await stage.visit()).openTab();
    await stage.control.configure({ latencyMs: 10 });
    await signIn(page, 'Ember');
    await page.getByLabel('Say something at the fire').fill('By keyboard');
    const pressed = [
      [page.getByRole('button', { name: 'Post', exact: true }), 'Posted.'],
      [page.getByRole('button', { name: 'Revoke the access token' }), 'Revoked.'],
      [page.getByRole('button', { name: /^Storm/ }), '200 of 200 answered'],
      [page.getByRole('button', { name: 'Let them fail' }), '3 more refreshes'],
      [page.getByRole('button', { name: 'All well again' }), 'Nothing is set to fail.'],
    ] as const;
    for (const [button, outcome] of pressed) {
      await button.press('Enter');
      await page.getByText(outcome).waitFor();
      expect(await hasFocus(button)).toBe(true);
    }
  });

  it('goes on at the feed when a post is gone', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Spark');
    const post = feedOf(page).filter({ hasText: 'The stars are out' });
    await post.getByRole('button', { name: /^Delete/ }).press('Enter');
    await post.waitFor({ state: 'detached' });
    await expect.poll(() => hasFocus(page.getByRole('heading', { name: 'By the fire' }))).toBe(true);
  });
});

describe('the page', () => {
  it('has its live regions before they have something to say', async () => {
    const page = await (await stage.visit()).openTab();
    await signIn(page, 'Ember');
    await logOf(page).waitFor();
    const there = await page.locator('#root [role="status"], #root [role="alert"]').count();
    expect(await page.getByRole('status').count() + (await page.getByRole('alert').count())).toBe(there);
  });

  it('says so when nothing can be played any more, as after the demo was stopped', async () => {
    const page = await (await stage.visit()).openTab();
    await logOf(page).waitFor();
    await page.route('**/control/**', (route) => route.abort());
    await controlsOf(page).getByRole('alert').getByText('The API’s controls cannot be reached. Is the demo still running?').waitFor();
  });

  it.each([
    ['a desk', { width: 1280, height: 800 }],
    ['a desk at 200 %', { width: 640, height: 400 }],
    ['a phone', { width: 390, height: 844 }],
    ['the narrowest phone', { width: 320, height: 568 }],
  ])('has room for the devtools’ button at its end, and is not too wide, on %s', async (_name, viewport) => {
    const page = await (await stage.visit({ viewport })).openTab();
    const badge = page.getByRole('button', { name: /session devtools/ });
    for (const enter of [() => Promise.resolve(), () => signIn(page, 'Ember')]) {
      await enter();
      await logOf(page).waitFor();
      expect(await overflow(page)).toBe(0);
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      const [end, button] = await Promise.all([controlsOf(page).boundingBox(), badge.boundingBox()]);
      expect((end?.y ?? 0) + (end?.height ?? Infinity)).toBeLessThanOrEqual(button?.y ?? 0);
    }
  });

  it('leads from the top of a phone to the controls, which are far below', async () => {
    const page = await (await stage.visit({ viewport: { width: 390, height: 844 } })).openTab();
    await signIn(page, 'Ember');
    await page.getByRole('link', { name: 'Play the API' }).click();
    await expect.poll(async () => (await page.getByRole('heading', { name: 'Play the API' }).boundingBox())?.y).toBeLessThan(200);
  });
});

/** The words that an element is described by. */
function descriptionOf(element: Locator): Promise<string | null | undefined> {
  return element.evaluate((described) => document.getElementById(described.getAttribute('aria-describedby') ?? '')?.textContent);
}
