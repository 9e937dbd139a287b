import { expect, it } from 'vitest';
import { realLifetime } from '../support/pace.ts';
import { setUpDemo } from './support/demo-setup.ts';
import { overflow } from './support/looks.ts';
import { feedOf, signIn } from './support/visitor.ts';

const demo = setUpDemo();

it('the demo holds a post when its session ends, and publishes it once when the same bot signs in again', async () => {
  const visitor = await demo.visit({ viewport: { width: 360, height: 740 } });
  const page = await visitor.openTab();
  await signIn(page, 'Ember');
  await page.getByLabel('Hold calls when the session ends').check();
  await page.getByLabel('New post').fill('Held by the demo');
  await demo.control.end('ember', 460);
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Please sign in again.' });
  await dialog.getByText('1 call waits for you to sign in again.').waitFor();
  expect(await overflow(page)).toBe(0);
  await dialog.getByRole('button', { name: 'Sign in as Ember' }).click();
  await page.getByText('Posted.').waitFor();
  expect(await dialog.count()).toBe(0);
  expect(await feedOf(page).filter({ hasText: 'Held by the demo' }).count()).toBe(1);
});

it('the demo discards a held post when another bot signs in', async () => {
  const page = await (await demo.visit()).openTab();
  await signIn(page, 'Ember');
  await page.getByLabel('Hold calls when the session ends').check();
  await page.getByLabel('New post').fill('Not for another bot');
  await demo.control.end('ember', 460);
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in as Cinder' }).click();
  await page.getByText('Signed in as Cinder').waitFor();
  expect(await page.getByLabel('New post').inputValue()).toBe('');
  expect(await feedOf(page).filter({ hasText: 'Not for another bot' }).count()).toBe(0);
});

it('the demo warns an idle visitor, and signs the visitor out in all tabs', async () => {
  const visitor = await demo.visit();
  await visitor.context.addInitScript((idleMs) => void (localStorage['demo.session-limits'] ??= JSON.stringify({ idleMs })), realLifetime(6000));
  const first = await visitor.openTab();
  await signIn(first, 'Spark');
  const second = await visitor.openTab();
  await feedOf(second).first().waitFor();
  await first.getByRole('alertdialog', { name: 'Your session is about to end' }).waitFor();
  for (const page of [first, second]) await page.getByText('No tab was used for too long.').waitFor();
});
