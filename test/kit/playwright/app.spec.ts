import { expect, test as base } from '@playwright/test';
import { bonfireFixtures, type BonfireFixtures } from 'unexpired/testing/playwright';

const app = { baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' };
const test = base.extend<BonfireFixtures>(bonfireFixtures(app));
const testWithLocalStorage = base.extend<BonfireFixtures>(bonfireFixtures({ ...app, baseUrl: `${app.baseUrl}/`, storage: 'localStorage' }));

test('starts signed in, without a login screen', async ({ page, signInAs }) => {
  await signInAs('ember');
  await page.goto('/');
  await expect(page.getByText('Welcome back, Ember')).toBeVisible();
});

test('stays signed in when its token is revoked', async ({ page, api, signInAs }) => {
  await signInAs('spark');
  await page.goto('/');
  await page.getByText('Welcome back, Spark').waitFor();
  api.revokeAccessTokens();
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => api.counts).toMatchObject({ refreshes: 1, rejections: 1, reuses: 0 });
  await expect(page.getByText('Welcome back, Spark')).toBeVisible();
});

test('stays signed out once it has signed out, over a reload', async ({ page, signInAs }) => {
  await signInAs('ember');
  await page.goto('/');
  await page.getByText('Welcome back, Ember').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('Please sign in').waitFor();
  await page.reload();
  await expect(page.getByText('Please sign in')).toBeVisible();
});

testWithLocalStorage('does so with localStorage, too', async ({ page, signInAs }) => {
  await signInAs('cinder');
  await page.goto('/?storage=localStorage');
  await expect(page.getByText('Welcome back, Cinder')).toBeVisible();
});

test('shows nobody where no one signs in', async ({ page, api }) => {
  await page.goto('/');
  await expect(page.getByText('Please sign in')).toBeVisible();
  expect(api.sessions).toEqual([]);
});

test('has the API behind a page that starts signed out, too: a login form never asks the real one', async ({ page, api }) => {
  await page.goto('/');
  const answered = await page.evaluate((url) => fetch(url).then((response) => response.headers.get('content-type')), `${app.baseUrl}/users/me`);
  expect(answered).toContain('application/json');
  expect(api.calls).toContainEqual(expect.objectContaining({ applicationOnly: false, status: 401 }));
});

test('ends well while calls of a page that has left and of the one that is there are unanswered', async ({ page, api }) => {
  const release = api.addFault({ endpoint: 'me', kind: 'hang' });
  await Promise.all([page.waitForRequest(/users/), page.goto('/')]);
  await Promise.all([page.waitForRequest(/users/), page.reload()]);
  release();
});
