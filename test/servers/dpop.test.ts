import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memory, type AuthStorage } from 'unexpired/core';
import { dpop } from 'unexpired/dpop';
import { rejection } from '../support/setup.ts';
import { API, LIFETIME_S } from './support/authorization-server.ts';
import { startDpopApi, type DpopApi } from './support/dpop-api.ts';
import { startOidcProvider } from './support/oidc-provider.ts';
import { openPage, type AppPage, type PageOptions } from './support/redirect-setup.ts';
import { setUp, type Setup } from './support/setup.ts';

// `oidc-provider` issues bound tokens only, rotates, detects reuse, and requires pushed requests and nonces.
const FEATURES = {
  dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true },
  pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
};

let setup: Setup;
let api: DpopApi;
let keys: AuthStorage;
beforeEach(() => start());
afterEach(() => setup.close());

async function start(format: 'jwt' | 'opaque' = 'jwt', features: Readonly<Record<string, unknown>> = {}): Promise<void> {
  keys = memory();
  setup = await setUp(() => startOidcProvider(format, { ...FEATURES, ...features }, { dpop_bound_access_tokens: true }), async (server) => (api = await startDpopApi(server)));
}

const until = <T>(promise: Promise<T>) => setup.world.until(promise);
const open = (options: PageOptions = {}): AppPage => openPage(setup, { ...options, settings: { dpop: dpop({ keys }), ...options.settings } });
const call = async ({ auth }: AppPage, init: RequestInit = { method: 'POST', body: 'hello' }) => until(auth.fetch('/posts', init));
const keptKeys = async () => Object.keys((await keys.read('keys') ?? {}) as object);

describe('a sign-in by redirect with a key', () => {
  // claim: code-bound-to-the-key
  it('binds the code and the tokens to one key, and calls with proofs', async () => {
    const page = open();
    await page.signIn({ loginHint: 'grace' });
    const response = await call(page);
    expect([response.status, await response.text()]).toEqual([200, 'hello']);
    expect(page.auth.getSnapshot().tokens?.extra).toMatchObject({ token_type: 'DPoP', dpop_jkt: (await keptKeys())[0] });
    expect(api.accepted.map(({ authorization }) => authorization.split(' ')[0])).toEqual(['DPoP']);
  });

  // claim: dpop-jkt-in-the-request
  it('names the key in the authorization request', async () => {
    await setup.close();
    await start('jwt', { pushedAuthorizationRequests: { enabled: false } });
    const page = open();
    await page.signIn();
    const [address = ''] = page.window.left;
    expect(new URL(address).searchParams.get('dpop_jkt')).toBe((await keptKeys())[0]);
    expect((await call(page)).status).toBe(200);
  });

  // claim: code-of-another-key-refused
  it('does not redeem the code in a browser without its key', async () => {
    const page = open();
    await page.leave();
    await keys.update('keys', () => undefined);
    const other = open();
    other.window.at = page.window.at;
    expect(await rejection(until(other.redirect.finish()))).toMatchObject({ code: 'sign_in_expired' });
    expect((await until(other.auth.ready())).status).toBe('signedOut');
  });

  it('goes on in another tab', async () => {
    const page = open();
    const other = open();
    await page.leave();
    other.window.at = page.window.at;
    await until(other.redirect.finish());
    expect([(await call(other)).status, (await call(page)).status]).toEqual([200, 200]);
  });

  it.each([-86_400_000, 86_400_000])('works with a device clock that is %i ms off', async (skewMs) => {
    setup.world.skewMs = skewMs;
    const page = open();
    await page.signIn();
    expect((await call(page)).status).toBe(200);
  });

  it('asks the server for the claims of the user with a proof', async () => {
    await setup.close();
    await start('opaque', { resourceIndicators: { enabled: false } });
    const page = open();
    await page.signIn({ loginHint: 'grace' });
    expect(await until(page.redirect.fetchUser())).toMatchObject({ sub: 'grace' });
  });
});

describe('a bound session at oidc-provider', () => {
  // claim: refresh-with-the-key
  it('is refreshed for all tabs with the same key, and rotates', async () => {
    const pages = [open(), open(), open()];
    await pages[0]?.signIn();
    for (let round = 0; round < 3; round++) {
      await setup.world.sleep(LIFETIME_S * 1000);
      expect(await until(Promise.all(pages.map(async ({ auth }) => (await auth.fetch('/posts', { method: 'POST', body: '' })).status)))).toEqual([200, 200, 200]);
    }
    expect(setup.refreshes().filter((status) => status === 200)).toHaveLength(3);
    expect(await keptKeys()).toHaveLength(1);
  });

  // claim: nonce-costs-no-refresh
  it('answers a new nonce of the API with one more request, with its body, and without a refresh', async () => {
    const page = open();
    await page.signIn();
    await call(page);
    for (let round = 0; round < 3; round++) {
      api.changeNonce();
      expect(await (await call(page, { method: 'PUT', body: `body ${round}` })).text()).toBe(`body ${round}`);
    }
    expect([setup.refreshes(), setup.answers()]).toEqual([[], [401, 200, 401, 200, 401, 200, 401, 200]]);
  });

  it('repeats a call whose token has expired with a new token and a new proof', async () => {
    const page = open();
    await page.signIn();
    await call(page);
    await setup.world.sleep(LIFETIME_S * 1000 - 1000);
    setup.world.latencyMs = 2000;
    expect((await call(page)).status).toBe(200);
  });

  // claim: stolen-tokens-useless
  it('gives a thief of all stored tokens nothing', async () => {
    const page = open();
    await page.signIn();
    await call(page);
    const { accessToken, refreshToken } = page.auth.getSnapshot().tokens ?? {};
    const asBearer = await setup.network.fetch(new Request(`${API}/posts`, { headers: { authorization: `Bearer ${accessToken}` } }));
    const asBound = await setup.network.fetch(new Request(`${API}/posts`, { headers: { authorization: `DPoP ${accessToken}` } }));
    expect([asBearer.status, asBound.status, await setup.present(`${refreshToken as string}`)]).toEqual([401, 401, { status: 400, error: 'invalid_grant' }]);
    expect((await call(page)).status).toBe(200);
  });

  // claim: recorded-proof-refused
  it('gives a thief of a whole recorded call nothing', async () => {
    const page = open();
    await page.signIn();
    await call(page);
    const [{ authorization = '', dpop: proof = '' } = {}] = api.accepted;
    for (const [path, method] of [['/posts', 'POST'], ['/users', 'POST'], ['/posts', 'PUT']] as const) {
      expect((await setup.network.fetch(new Request(API + path, { method, headers: { authorization, dpop: proof } }))).status).toBe(401);
    }
  });

  // claim: key-gone-with-the-session
  it('leaves no key behind at a sign-out', async () => {
    const page = open();
    await page.signIn();
    await until(page.auth.signOut());
    await setup.world.advance(1000);
    expect(await keptKeys()).toEqual([]);
  });

  // claim: key-of-another-user
  it('of another user has another key, and the former one signs nothing any more', async () => {
    const page = open();
    await page.signIn({ loginHint: 'ada' });
    await call(page);
    const [first] = await keptKeys();
    await page.signIn({ loginHint: 'grace' });
    await setup.world.advance(1000);
    const second = await keptKeys();
    expect([second.length, second[0] === first]).toEqual([1, false]);
    expect((await call(page)).status).toBe(200);
  });
});

it('a server that starts to require keys binds a session at its next refresh', async () => {
  await setup.close();
  keys = memory();
  setup = await setUp(() => startOidcProvider('jwt', { dPoP: FEATURES.dPoP }), async (server) => (api = await startDpopApi(server)));
  const before = open({ settings: { dpop: undefined } });
  await before.signIn();
  before.auth.dispose();
  const page = open();
  await until(page.auth.refresh());
  expect((await call(page)).status).toBe(200);
  expect(page.auth.getSnapshot().tokens?.extra?.['token_type']).toBe('DPoP');
});
