import type { BrowserContext, Fixtures, PlaywrightTestArgs, Route } from '@playwright/test';
import { createAuthClient } from '../../core/create-auth-client.ts';
import { inCookie } from '../../core/in-cookie.ts';
import { browserPlatform } from '../../core/platform/browser-platform.ts';
import { memory } from '../../core/storage/memory.ts';
import type { AuthStorage } from '../../core/storage/storage.ts';
import { bonfire } from '../../protocols/bonfire/bonfire.ts';
import { createBotTokens } from '../../protocols/bonfire/bot-tokens.ts';
import type { BonfireApi } from '../bonfire-api.ts';
import { isConnectionDrop } from '../connection-drop.ts';
import { createCookieJar, type CookieJar } from '../cookie-jar.ts';
import { createBonfireApi } from '../create-bonfire-api.ts';
import { checkBaseUrl, checkOneOf, checkText } from '../option-check.ts';
import { putInDatabase } from './stored-session.ts';

/** The fixtures that a test gets. */
export interface BonfireFixtures {
  /** The embedded API that answers the pages of this test's context. */
  readonly api: BonfireApi;
  /** Makes the pages of this test's context start signed in as a bot. Call it before the first `goto`. */
  readonly signInAs: (botId: string) => Promise<void>;
}

/** The settings of the client in the app under test. */
export interface BonfireFixtureOptions {
  /** The app's base URL, such as `https://api.bonfire.camp/v1`. The embedded API answers every request to it. */
  readonly baseUrl: string;
  /** The app's App Key. */
  readonly appKey: string;
  /** The app's `storageKey`, if it sets one. */
  readonly storageKey?: string;
  /** The name that the app gives to `indexedDB`, if it gives one. */
  readonly databaseName?: string;
  /**
   * With `cookie`, the API keeps refresh tokens in a cookie, as the app's protocol expects it. The fixtures hold that cookie in place
   * of the browser, so that the app can be on any site, and scripts in the page cannot read it or a hint cookie.
   */
  readonly refreshToken?: 'cookie';
}

/**
 * Creates fixtures for Playwright: an embedded API at the app's base URL, and pages that start signed in.
 *
 * @param options the settings of the client in the app, see {@link BonfireFixtureOptions}
 * @throws TypeError or RangeError that names the option, its rule and its value
 * @example
 * ```ts
 * import { expect, test as base } from '@playwright/test';
 * import { bonfireFixtures, type BonfireFixtures } from 'unexpired/testing/playwright';
 * const test = base.extend<BonfireFixtures>(bonfireFixtures({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' }));
 * test('stays signed in when its token is revoked', async ({ page, api, signInAs }) => {
 *   await signInAs('ember');
 *   await page.goto('/');
 *   api.revokeAccessTokens();
 *   await page.getByRole('button', { name: 'Reload' }).click();
 *   await expect(page.getByText('Welcome back')).toBeVisible();
 * });
 * ```
 */
export function bonfireFixtures(options: BonfireFixtureOptions): Fixtures<BonfireFixtures, object, PlaywrightTestArgs> {
  checkBaseUrl('baseUrl', options?.baseUrl);
  checkText('appKey', options.appKey);
  if (options.refreshToken !== undefined) checkOneOf('refreshToken', options.refreshToken, ['cookie']);
  const jars = new WeakMap<BonfireApi, CookieJar>();
  return {
    api: async ({ context }, provide) => {
      const baseUrl = options.baseUrl.replace(/\/+$/, '');
      const api = createBonfireApi({ appKey: options.appKey, basePath: new URL(baseUrl).pathname, refreshToken: options.refreshToken ?? 'body' });
      const jar = createCookieJar(api.fetch);
      jars.set(api, jar);
      await context.route(`${baseUrl}/**`, (route) => answer(api, jar, route));
      await provide(api);
    },
    signInAs: async ({ context, api }, provide) => {
      const jar = jars.get(api);
      await provide((botId) => (options.refreshToken === 'cookie' && jar ? signInJar(jar, options, botId) : signInContext(context, api, options, botId)));
    },
  };
}

async function answer(api: BonfireApi, jar: CookieJar, route: Route): Promise<void> {
  const sent = route.request();
  const body = sent.postDataBuffer();
  const request = new Request(sent.url(), { method: sent.method(), headers: await sent.allHeaders(), credentials: 'include', ...(body && { body: new Uint8Array(body) }) });
  try {
    jar.attach(request);
    const response = await api.fetch(request);
    jar.store(request, response);
    response.headers.delete('Set-Cookie');
    const answered = Buffer.from(await response.arrayBuffer());
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: answered });
  } catch (error) {
    if (!isConnectionDrop(error)) throw error;
    await route.abort('connectionreset');
  }
}

/** Signs in as a server does. The app finds the session when it asks with the cookie. */
async function signInJar(jar: CookieJar, { baseUrl, appKey }: BonfireFixtureOptions, botId: string): Promise<void> {
  const protocol = bonfire({ baseUrl, appKey, refreshToken: inCookie() });
  const auth = createAuthClient({ protocol, storage: memory(), platform: { ...browserPlatform(), openChannel: null, fetch: jar.fetch } });
  await auth.signIn(createBotTokens(protocol, [botId]));
  auth.dispose();
}

async function signInContext(context: BrowserContext, api: BonfireApi, options: BonfireFixtureOptions, botId: string): Promise<void> {
  const { baseUrl, appKey, storageKey, databaseName } = options;
  const [key, text] = await storedSession(api, { baseUrl, appKey, ...(storageKey === undefined ? {} : { storageKey }) }, botId);
  await context.addInitScript(putInDatabase, { key, text, databaseName: databaseName === undefined ? 'unexpired' : `unexpired-${databaseName}` });
}

/** Signs in with a real client and returns the record that it stores, so that the format is always the client's own. */
async function storedSession(api: BonfireApi, { baseUrl, appKey, ...rest }: Pick<BonfireFixtureOptions, 'baseUrl' | 'appKey' | 'storageKey'>, botId: string): Promise<[key: string, text: string]> {
  const stored = new Map<string, unknown>();
  const storage: AuthStorage = {
    name: 'caught',
    read: (key) => Promise.resolve(stored.get(key)),
    update: async (key, change) => void stored.set(key, change(stored.get(key))),
  };
  const protocol = bonfire({ baseUrl, appKey });
  const platform = { ...browserPlatform(), openChannel: null, fetch: api.fetch };
  const auth = createAuthClient({ protocol, platform, storage, ...rest });
  await auth.signIn(createBotTokens(protocol, [botId]));
  auth.dispose();
  return [auth.storageKey, String(stored.get(auth.storageKey))];
}
