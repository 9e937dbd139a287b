import { describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { hasFocus, overflow } from './support/looks.ts';
import { setUpDemo } from './support/demo-setup.ts';
import { tabTo } from './support/keyboard.ts';
import { feedOf, signIn } from './support/visitor.ts';

const demo = setUpDemo();

const PHONE = { viewport: { width: 390, height: 844 } };

const breakCardOf = (page: Page) => page.getByRole('region', { name: 'Break the API' });
const controlsOf = (page: Page) => page.getByRole('complementary', { name: 'API controls' });
const logOf = (page: Page) => controlsOf(page).getByRole('region', { name: 'API log' });
const tally = (within: Locator | Page, name: string) => within.locator(`[data-tally="${name}"]`);

describe('“Revoke and call”', () => {
  it('shows the rejection, the one refresh, the replay and the answer after one press', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await breakCardOf(page).getByRole('button', { name: 'Revoke and call' }).click();
    await breakCardOf(page).getByRole('status').getByText('Answered after 1 refresh and 1 replay.').waitFor();
    const steps = breakCardOf(page).getByRole('list', { name: 'Requests of the call' }).getByRole('listitem');
    expect((await steps.allTextContents()).map((text) => text.trim())).toEqual(['GET /users/me401, error 450', 'Refreshnew token', 'GET /users/me, replayed200']);
    expect(await tally(page, 'Replays').first().textContent()).toBe('1');
  });

  it('shows a refresh that hangs while it hangs', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await demo.control.fail({ endpoint: 'refresh', kind: 'hang', times: 1 });
    await breakCardOf(page).getByRole('button', { name: 'Revoke and call' }).click();
    await breakCardOf(page).getByRole('listitem').filter({ hasText: 'Refresh…' }).waitFor();
  });

  it('is near the top of a phone, and leads to the other controls', async () => {
    const page = await (await demo.visit(PHONE)).openTab();
    await signIn(page, 'Ember');
    const button = await page.getByRole('button', { name: 'Revoke and call' }).boundingBox();
    expect((button?.y ?? Infinity) + (button?.height ?? 0)).toBeLessThan(PHONE.viewport.height * 0.75);
    await page.getByRole('link', { name: 'More controls' }).click();
    await expect.poll(async () => (await page.getByRole('heading', { name: 'API controls' }).boundingBox())?.y).toBeLessThan(200);
  });
});

describe('a burst of 200 calls', () => {
  it('shows one refresh for all of them when the token was revoked', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await breakCardOf(page).getByRole('button', { name: 'Revoke, 200 calls' }).click();
    await breakCardOf(page).getByRole('status').getByText(/200 of 200 calls answered, 1 refresh, \d+ replays\./).waitFor();
  });

  it('takes few lines of the API’s log and the tab’s, so that the refresh stays in sight', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await breakCardOf(page).getByRole('button', { name: 'Revoke, 200 calls' }).click();
    await logOf(page).getByRole('listitem').filter({ hasText: /refresh token \d+/ }).waitFor();
    await logOf(page).getByRole('listitem').filter({ hasText: /\/users\/me × \d{2,}.*200$/ }).waitFor();
    await page.getByText(/^\d{2,} × GET .* rejected \(450\) and replayed\./).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Token refreshed by this tab.' }).waitFor();
  });

  it('needs no refresh while the token is valid', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await breakCardOf(page).getByRole('button', { name: '200 calls', exact: true }).click();
    await breakCardOf(page).getByRole('status').getByText('200 of 200 calls answered, 0 refreshes, 0 replays.').waitFor();
  });
});

describe('an applied fault', () => {
  it('is shown until it is cleared, and the session survives it', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await controlsOf(page).getByRole('button', { name: 'Apply' }).click();
    await controlsOf(page).getByText('Next 3 refreshes: 503 Service Unavailable.').waitFor();
    await controlsOf(page).getByLabel('Fault', { exact: true }).selectOption('429, Retry-After: 5');
    await controlsOf(page).getByRole('button', { name: 'Apply' }).click();
    await controlsOf(page).getByText('Next 3 refreshes: 429, Retry-After: 5.').waitFor();
    await controlsOf(page).getByRole('button', { name: 'Refresh now' }).click();
    await controlsOf(page).getByText('Next 2 refreshes: 429').waitFor();
    await controlsOf(page).getByRole('button', { name: 'Clear' }).click();
    await controlsOf(page).getByText('No faults applied.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  });

  it('of the refresh is shown at the feed, with the time of the next attempt', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await demo.control.fail({ endpoint: 'refresh', kind: 'rateLimited', times: 1 });
    await demo.control.revoke();
    await page.getByRole('button', { name: 'Reload' }).click();
    const feed = page.getByRole('region', { name: 'Feed' });
    await feed.getByText('The refresh failed. You stay signed in.').waitFor();
    await feed.getByText(/Next attempt in \d+ s\./).waitFor();
    await tally(page, 'Failed refreshes').getByText('1', { exact: true }).waitFor();
    expect(await tally(page, 'Refreshes').first().textContent()).toBe('0');
  });

  it('that makes the refresh hang is shown at the feed while it hangs', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await demo.control.fail({ endpoint: 'refresh', kind: 'hang', times: 1 });
    await demo.control.revoke();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('region', { name: 'Feed' }).getByRole('status').getByText('Waiting for a new access token.').waitFor();
  });

  it('that answers a post with a captive portal’s page is explained, and the text is kept', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await controlsOf(page).getByLabel('Endpoint').selectOption('New post');
    await controlsOf(page).getByLabel('Requests').selectOption('Next 1');
    await controlsOf(page).getByLabel('Fault', { exact: true }).selectOption('Captive portal page');
    await controlsOf(page).getByRole('button', { name: 'Apply' }).click();
    await controlsOf(page).getByText('Next 1 new post: Captive portal page.').waitFor();
    await page.getByLabel('New post').fill('From a hotel');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await page.getByText('Expected JSON from the API, got text/html (HTTP 200).').waitFor();
    expect(await page.getByLabel('New post').inputValue()).toBe('From a hotel');
  });
});

describe('“End session”', () => {
  it('ends the session at the API, and the page says why without another press', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Cinder');
    await controlsOf(page).getByLabel('Reason').selectOption('810 Suspended');
    await controlsOf(page).getByRole('button', { name: 'End session' }).press('Enter');
    await page.getByText('This profile is suspended.').waitFor();
    await expect.poll(() => hasFocus(page.getByRole('heading', { name: 'Sign in to Bonfire' }))).toBe(true);
  });
});

describe('a disabled button of the demo', () => {
  it('can be reached by keyboard and says why it is disabled', async () => {
    const page = await (await demo.visit()).openTab();
    const disabled = [
      ['Revoke and call', 'Sign in to use these buttons.'],
      ['Revoke, 200 calls', 'Sign in to use these buttons.'],
      ['200 calls', 'Sign in to use these buttons.'],
      ['Clear', 'No faults applied.'],
      ['End session', 'Sign in first. There is no session to end.'],
    ] as const;
    for (const [name, why] of disabled) {
      const button = page.getByRole('button', { name, exact: true });
      await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
      expect(await descriptionOf(button)).toBe(why);
      await tabTo(page, button);
    }
    await signIn(page, 'Ember');
    for (const text of ['Sign in to use these buttons.', 'Sign in first.']) expect(await page.getByText(text).filter({ visible: true }).count()).toBe(0);
  });
});

describe('an empty post', () => {
  it('is not sent, and the page asks for text', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await page.getByText('Write something first.').waitFor();
    expect(await hasFocus(page.getByLabel('New post'))).toBe(true);
  });
});

describe('the demo by keyboard', () => {
  it('keeps the focus on the pressed button during the action and afterwards', async () => {
    const page = await (await demo.visit()).openTab();
    await demo.control.configure({ latencyMs: 10 });
    await signIn(page, 'Ember');
    await page.getByLabel('New post').fill('By keyboard');
    const pressed = [
      ['Post', 'Posted.'],
      ['Revoke and call', 'Answered after 1 refresh and 1 replay.'],
      ['Revoke, 200 calls', '200 of 200 calls answered'],
      ['Apply', 'Next 3 refreshes'],
      ['Clear', 'No faults applied.'],
    ] as const;
    for (const [name, outcome] of pressed) {
      const button = page.getByRole('button', { name, exact: true });
      await button.press('Enter');
      await page.getByText(outcome).waitFor();
      expect(await hasFocus(button)).toBe(true);
    }
  });

  it('moves the focus to the feed when the focused post is deleted', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Spark');
    const post = feedOf(page).filter({ hasText: 'The stars are out' });
    await post.getByRole('button', { name: /^Delete/ }).press('Enter');
    await post.waitFor({ state: 'detached' });
    await expect.poll(() => hasFocus(page.getByRole('heading', { name: 'Feed' }))).toBe(true);
  });
});

describe('the demo’s page', () => {
  it('has its live regions before they have text', async () => {
    const page = await (await demo.visit()).openTab();
    await signIn(page, 'Ember');
    await logOf(page).waitFor();
    const present = await page.locator('#root [role="status"], #root [role="alert"]').count();
    expect((await page.getByRole('status').count()) + (await page.getByRole('alert').count())).toBe(present);
  });

  it('says that the controls cannot be reached after the demo was stopped', async () => {
    const page = await (await demo.visit()).openTab();
    await logOf(page).waitFor();
    await page.route('**/control/**', (route) => route.abort());
    await controlsOf(page).getByRole('alert').getByText('The API’s controls cannot be reached. Is the demo still running?').waitFor();
  });

  it.each([
    ['a desktop', { width: 1280, height: 800 }],
    ['a desktop at 200 %', { width: 640, height: 400 }],
    ['a phone', PHONE.viewport],
    ['the narrowest phone', { width: 320, height: 568 }],
  ])('fits %s, and its end is clear of the devtools’ button', async (_name, viewport) => {
    const page = await (await demo.visit({ viewport })).openTab();
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
});

/** Returns the text that describes an element. */
function descriptionOf(element: Locator): Promise<string | null | undefined> {
  return element.evaluate((described) => document.getElementById(described.getAttribute('aria-describedby') ?? '')?.textContent);
}
