import type { AuthStorage } from 'unexpired/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rejection } from '../support/setup.ts';
import { APP, CLIENT_ID, ISSUER, LIFETIME_S, PATHS } from './support/authorization-server.ts';
import { startOidcProvider } from './support/oidc-provider.ts';
import { openPage } from './support/redirect-setup.ts';
import { setUp, type Setup } from './support/setup.ts';

let setup: Setup;
beforeEach(() => start());
afterEach(() => setup.close());

/** Starts a server with changed features. */
async function start(accessTokenFormat: 'opaque' | 'jwt' = 'jwt', features = {}): Promise<void> {
  setup = await setUp(() => startOidcProvider(accessTokenFormat, features));
}

async function restart(...server: Parameters<typeof start>): Promise<void> {
  await setup.close();
  await start(...server);
}

const until = <T>(promise: Promise<T>) => setup.world.until(promise);

describe('a sign-in by redirect', () => {
  it('signs the user in, and returns to the page that started it', async () => {
    const { auth, redirect, window, leave } = openPage(setup);
    await leave({ loginHint: 'grace' });
    expect(window.at).toMatch(/^https:\/\/app\.example\.com\/callback\?code=/);
    expect(redirect.isCallback()).toBe(true);
    const { returnTo, claims } = await until(redirect.finish());
    expect([returnTo, claims?.sub]).toEqual(['/posts?page=2', 'grace']);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: { scopes: ['openid', 'offline_access'] } });
    expect((await until(auth.fetch('/posts', { method: 'POST', body: 'hello' }))).status).toBe(200);
  });

  // claim: code-out-of-the-address
  it('takes the code out of the address before it is exchanged', async () => {
    const { redirect, window, leave, requests } = openPage(setup);
    await leave();
    const finished = redirect.finish();
    await until(finished);
    expect(window.at).toBe(`${APP}/callback`);
    expect(redirect.isCallback()).toBe(false);
    expect(requests.every((url) => !url.includes('code='))).toBe(true);
  });

  // claim: fresh-state-nonce-and-verifier
  it('asks with a code, PKCE with S256, a state and a nonce, which are new each time', async () => {
    const { redirect, window } = openPage(setup);
    await until(redirect.start());
    await until(redirect.start());
    const [first, second] = window.left.map((url) => Object.fromEntries(new URL(url).searchParams));
    expect(first).toMatchObject({ client_id: CLIENT_ID, redirect_uri: `${APP}/callback`, response_type: 'code', code_challenge_method: 'S256', scope: 'openid offline_access' });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first?.[name]).toMatch(/^[\w-]{43}$/);
      expect(first?.[name]).not.toBe(second?.[name]);
    }
  });

  it('passes on what the app asks of the server', async () => {
    const { redirect, window } = openPage(setup, { config: { parameters: { audience: 'a' } } });
    await until(redirect.start({ prompt: 'login', loginHint: 'ada', acrValues: 'mfa', maxAge: 60, resource: 'https://api.example.com', scope: 'openid posts', parameters: { ui_locales: 'de' } }));
    expect(Object.fromEntries(new URL(window.at).searchParams)).toMatchObject({
      audience: 'a', prompt: 'login', login_hint: 'ada', acr_values: 'mfa', max_age: '60', resource: 'https://api.example.com', scope: 'openid offline_access posts', ui_locales: 'de',
    });
  });

  it('loads the discovery document once for all tabs, and again after an hour', async () => {
    const one = openPage(setup);
    const other = openPage(setup);
    const documents = () => [one, other].flatMap(({ requests }) => requests).filter((url) => url.includes('/.well-known/')).length;
    await one.signIn();
    await until(other.redirect.start());
    expect(documents()).toBe(1);
    await setup.world.advance(61 * 60_000);
    await until(openPage(setup).redirect.start());
    await until(other.redirect.start()); // A page keeps what it has loaded.
    expect(documents()).toBe(1);
  });

  it('does not wait until the discovery document is stored', async () => {
    const kept = setup.world.openTab().platform.storage;
    const storage: AuthStorage = { ...kept, update: (key, change) => (key.endsWith(':issuer') ? new Promise(() => undefined) : kept.update(key, change)) };
    const { redirect, window } = openPage(setup, { config: { storage } });
    await until(redirect.start());
    expect(window.at).toContain(ISSUER);
  });

  it('goes on in another tab than the one that began it, such as that of a link in a mail', async () => {
    const one = openPage(setup);
    const other = openPage(setup);
    await one.leave({ returnTo: '/inbox#latest' });
    other.window.at = one.window.at;
    expect((await until(other.redirect.finish())).returnTo).toBe('/inbox#latest');
    expect((await until(one.auth.ready())).status).toBe('signedIn');
  });

  it('does not disturb another one that runs in another tab', async () => {
    const pages = Array.from({ length: 8 }, () => openPage(setup));
    for (const [user, page] of pages.entries()) await page.leave({ loginHint: `user-${user}`, returnTo: `/${user}` });
    for (const [user, page] of [...pages.entries()].reverse()) expect(await until(page.redirect.finish())).toMatchObject({ returnTo: `/${user}`, claims: { sub: `user-${user}` } });
  });

  it('redeems a code once when StrictMode or a double click finishes twice', async () => {
    const { redirect, leave, requests, window } = openPage(setup);
    await leave();
    const { at: href } = window;
    const [first, second] = await until(Promise.all([redirect.finish(), redirect.finish({ href })]));
    expect(second).toBe(first);
    expect(requests.filter((url) => url.endsWith(PATHS.token))).toHaveLength(1);
  });

  // claim: unusual-answers-accepted
  it.each<[string, (body: Record<string, unknown>) => void]>([
    ['no scope', (body) => delete body['scope']],
    ['no lifetime', (body) => delete body['expires_in']],
    ['a token type in capitals', (body) => (body['token_type'] = 'BEARER')],
  ])('accepts an answer with %s', async (_, change) => {
    const { auth, signIn } = openPage(setup, {
      async forge(url, response) {
        if (!url.endsWith(PATHS.token)) return response;
        const body = (await response.json()) as Record<string, unknown>;
        change(body);
        return Response.json(body);
      },
    });
    await signIn();
    expect((await until(auth.fetch('/posts', { method: 'POST', body: '' }))).status).toBe(200);
  });

  // claim: id-token-replaced-at-refresh
  it('keeps the ID token with the session, and replaces it at a refresh', async () => {
    const { auth, signIn } = openPage(setup);
    await signIn();
    const idToken = () => auth.getSnapshot().tokens?.extra?.['id_token'];
    const first = idToken();
    await setup.world.sleep(LIFETIME_S * 1000);
    await until(auth.fetch('/posts', { method: 'POST', body: '' }));
    expect(first).toMatch(/^ey/);
    expect(idToken()).toMatch(/^ey/);
    expect(idToken()).not.toBe(first);
  });

  // claim: userinfo-on-demand
  it('asks the server for the claims of the user', async () => {
    await restart('opaque', { resourceIndicators: { enabled: false } }); // An access token for the server itself.
    const { redirect, signIn } = openPage(setup);
    await signIn({ loginHint: 'grace' });
    expect(await until(redirect.fetchUser())).toMatchObject({ sub: 'grace' });
  });

  it('says that an access token for another API does not open the claims of the user', async () => {
    const { redirect, signIn } = openPage(setup);
    await signIn();
    expect(await rejection(until(redirect.fetchUser()))).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('userinfo') });
  });

  // claim: request-pushed
  it('pushes its request to a server that requires it, so that the address has no parameter of it', async () => {
    await restart('jwt', { pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true } });
    const { auth, signIn, window } = openPage(setup);
    await signIn({ loginHint: 'grace' });
    expect([...new URL(window.left[0] ?? '').searchParams.keys()]).toEqual(['client_id', 'request_uri']);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it.each([-86_400_000, 86_400_000])('works with a device clock that is %i ms off', async (skewMs) => {
    setup.world.skewMs = skewMs;
    const { auth, signIn } = openPage(setup);
    await signIn();
    expect((await until(auth.fetch('/posts', { method: 'POST', body: '' }))).status).toBe(200);
  });
});

describe('a sign-out at the server', () => {
  it('ends the session here, and leaves for the server without a token in the address', async () => {
    const { auth, redirect, signIn, window } = openPage(setup);
    await signIn();
    await until(redirect.signOut({ returnTo: '/bye' }));
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    const { origin, searchParams } = new URL(window.at);
    expect([origin, Object.fromEntries(searchParams)]).toEqual([ISSUER, { client_id: CLIENT_ID, post_logout_redirect_uri: `${APP}/bye` }]);
  });

  it('stays on the page if the server has no such address', async () => {
    const endpoints = { authorizationEndpoint: ISSUER + PATHS.authorization, tokenEndpoint: ISSUER + PATHS.token };
    const { redirect, window, signIn, requests } = openPage(setup, { config: { endpoints } });
    await signIn();
    await until(redirect.signOut({ returnTo: '/bye' }));
    expect(window.at).toBe(`${APP}/bye`);
    expect(requests.filter((url) => url.includes('well-known'))).toEqual([]);
    expect(await rejection(until(redirect.fetchUser()))).toMatchObject({ code: 'misconfigured' });
  });
});

describe('a sign-in in a window of its own', () => {
  function openTwo() {
    const popup = { closed: false, at: '' };
    const opener = openPage(setup, { openPopup: () => ({ isClosed: () => popup.closed, go: (url) => void (popup.at = url), close: () => void (popup.closed = true) }) });
    return { popup, opener };
  }

  it('signs in the page that opened it, and closes the window', async () => {
    const { popup, opener } = openTwo();
    const started = opener.redirect.start({ popup: true, loginHint: 'grace' });
    await setup.world.advance(2000);
    const inPopup = openPage(setup);
    inPopup.window.at = await setup.network.navigate(popup.at);
    await until(inPopup.redirect.finish());
    await until(started);
    expect(inPopup.window.isClosed).toBe(true);
    expect([opener.auth.getSnapshot().status, opener.window.left]).toEqual(['signedIn', []]);
  });

  it('says that the window is blocked, or that the user has closed it', async () => {
    expect(await rejection(until(openPage(setup).redirect.start({ popup: true })))).toMatchObject({ code: 'grant_refused', apiCode: 'popup_blocked' });
    const { popup, opener } = openTwo();
    const started = rejection(opener.redirect.start({ popup: true }));
    await setup.world.advance(2000);
    popup.closed = true;
    expect(await until(started)).toMatchObject({ code: 'grant_refused', apiCode: 'popup_closed' });
  });
});
