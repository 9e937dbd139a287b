import { expect, test as base } from '@playwright/test';
import { bonfireFixtures, type BonfireFixtures } from 'unexpired/testing/playwright';

const app = { baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' };
const test = base.extend<BonfireFixtures>(bonfireFixtures(app));

test('the app starts signed in without a login screen', async ({ page, signInAs }) => {
  await signInAs('ember');
  await page.goto('/');
  await expect(page.getByText('Welcome back, Ember')).toBeVisible();
});

test('the app stays signed in when its token is revoked', async ({ page, api, signInAs }) => {
  await signInAs('spark');
  await page.goto('/');
  await page.getByText('Welcome back, Spark').waitFor();
  api.revokeAccessTokens();
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => api.counts).toMatchObject({ refreshes: 1, rejections: 1, reuses: 0 });
  await expect(page.getByText('Welcome back, Spark')).toBeVisible();
});

test('the app stays signed out after a sign-out and a reload', async ({ page, signInAs }) => {
  await signInAs('ember');
  await page.goto('/');
  await page.getByText('Welcome back, Ember').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('Please sign in').waitFor();
  await page.reload();
  await expect(page.getByText('Please sign in')).toBeVisible();
});

test('the app starts signed out when the test does not sign in', async ({ page, api }) => {
  await page.goto('/');
  await expect(page.getByText('Please sign in')).toBeVisible();
  expect(api.sessions).toEqual([]);
});

test('a page that starts signed out calls the embedded API, never the real one', async ({ page, api }) => {
  await page.goto('/');
  const answered = await page.evaluate((url) => fetch(url).then((response) => response.headers.get('content-type')), `${app.baseUrl}/users/me`);
  expect(answered).toContain('application/json');
  expect(api.calls).toContainEqual(expect.objectContaining({ applicationOnly: false, status: 401 }));
});

test('a test ends while calls of the current page and of a former one are unanswered', async ({ page, api }) => {
  const release = api.addFault({ endpoint: 'me', kind: 'hang' });
  await Promise.all([page.waitForRequest(/users/), page.goto('/')]);
  await Promise.all([page.waitForRequest(/users/), page.reload()]);
  release();
});

const cookieTest = base.extend<BonfireFixtures>(bonfireFixtures({ ...app, refreshToken: 'cookie' }));

cookieTest('an app with the refresh token in a cookie starts signed in, and stays so over a reload and a revocation', async ({ page, api, signInAs }) => {
  await signInAs('spark');
  await page.goto('/cookie');
  await page.getByText('Welcome back, Spark').waitFor();
  expect(api.counts).toMatchObject({ created: 1, refreshes: 1, reuses: 0 });
  await page.reload();
  await page.getByText('Welcome back, Spark').waitFor();
  api.revokeAccessTokens();
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => api.counts).toMatchObject({ refreshes: 2, rejections: 1, reuses: 0 });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('Please sign in').waitFor();
  await expect.poll(() => api.sessions).toMatchObject([{ alive: false }]);
  await page.reload();
  await expect(page.getByText('Please sign in')).toBeVisible();
});

cookieTest('an app with the refresh token in a cookie starts signed out when the test does not sign in', async ({ page, api }) => {
  await page.goto('/cookie');
  await expect(page.getByText('Please sign in')).toBeVisible();
  expect(api.sessions).toEqual([]);
});
