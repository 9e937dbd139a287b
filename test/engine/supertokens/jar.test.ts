import { bonfire } from 'unexpired/bonfire';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../../support/cookie-setup.ts';
import { BASE_URL, LIFETIME_MS, rejection } from '../../support/setup.ts';

const DOUBLE = { name: 'x-csrf', cookie: 'csrf' } as const;
const READABLE = { hintCookie: 'hint', readableDomain: 'bonfire.test' } as const;

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup({ cookie: READABLE }, { hintCookie: 'hint' });
});

const until = <T>(promise: Promise<T>) => setup.world.until(promise);

/** Removes the cookies that scripts can read, or those that they cannot. */
function removeCookies(which: 'readable' | 'httpOnly'): void {
  const kept = setup.jar.cookies.filter(({ httpOnly }) => httpOnly === (which === 'readable'));
  setup.jar.clear();
  putBack(kept);
}

function putBack(cookies: CookieSetup['jar']['cookies']): void {
  const headers = new Headers();
  for (const { name, value, domain, hostOnly, path, httpOnly } of cookies) {
    headers.append('set-cookie', `${name}=${value}; Path=${path}; Secure; SameSite=Strict${httpOnly ? '; HttpOnly' : ''}${hostOnly ? '' : `; Domain=${domain}`}`);
  }
  setup.jar.store(new Request(`${BASE_URL}/oauth`, { credentials: 'include' }), new Response('', { headers }));
}

describe('a session with the refresh token in a cookie', () => {
  it('goes on if only the readable cookies are removed and the API needs no double submit', async () => {
    const { auth } = await setup.openSignedIn();
    removeCookies('readable');
    await setup.world.sleep(LIFETIME_MS * 2);
    expect((await until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.jar.cookies).toHaveLength(2);
  });

  it('goes on after one refusal if the cookie for double submit is removed, because the API sets it again', async () => {
    setup = createCookieSetup({ cookie: { ...READABLE, hintCookie: null, csrfHeader: DOUBLE } }, { csrfHeader: DOUBLE });
    const { auth } = await setup.openSignedIn();
    removeCookies('readable');
    await setup.world.sleep(LIFETIME_MS * 2);
    expect((await until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth 403', '/oauth 200']);
  });

  it('ends at the next refresh if all cookies are removed, and no page asks again', async () => {
    const { auth } = await setup.openSignedIn();
    setup.jar.clear();
    expect((await until(auth.fetch('/users/me'))).status).toBe(200);
    await setup.world.sleep(LIFETIME_MS * 2);
    expect(await until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
    expect(await until(setup.open().auth.ready())).toMatchObject({ status: 'signedOut' });
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth 401']);
  });

  it('ends at the next refresh if only the HttpOnly cookie is removed', async () => {
    const { auth } = await setup.openSignedIn();
    removeCookies('httpOnly');
    await setup.world.sleep(LIFETIME_MS * 2);
    expect(await until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
    await setup.world.advance(LIFETIME_MS);
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth 401']);
  });

  it('does not come back if an old cookie is put back after the sign-out, and the API removes that cookie', async () => {
    const { auth } = await setup.openSignedIn();
    const old = setup.jar.cookies;
    await until(auth.signOut());
    await setup.world.advance(1000);
    putBack(old);
    expect(await until(setup.open().auth.ready())).toMatchObject({ status: 'signedOut' });
    expect(setup.jar.cookies).toEqual([]);
  });

  it('has no loop of refreshes if the browser stores no cookie', async () => {
    setup.jar.blocked = true;
    const { auth } = await setup.openSignedIn();
    expect((await until(auth.fetch('/users/me'))).status).toBe(200);
    await setup.world.sleep(LIFETIME_MS * 2);
    expect(await until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'session_ended' });
    await setup.world.advance(LIFETIME_MS * 10);
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth 401']);
  });

  it('works if the API needs no anti-CSRF header', async () => {
    setup.api.configure({ cookie: { csrfHeader: null } });
    const { auth } = await setup.openSignedIn();
    await setup.world.sleep(LIFETIME_MS * 2);
    expect((await until(auth.fetch('/users/me'))).status).toBe(200);
    await until(auth.signOut());
    await setup.world.advance(1000);
    expect(setup.jar.cookies).toEqual([]);
  });

  it('sends the value of the cookie for double submit that is stored when a request starts', async () => {
    setup = createCookieSetup({ cookie: { ...READABLE, hintCookie: null, csrfHeader: DOUBLE } }, { csrfHeader: DOUBLE });
    const sent: (string | null)[] = [];
    setup.world.faultOf = ({ url, headers }) => (url.endsWith('/oauth') && sent.push(headers.get('x-csrf')), 'none');
    const { auth } = await setup.openSignedIn();
    const values = [setup.jar.readCookie('csrf')];
    await until(auth.refresh());
    putBack(setup.jar.cookies.map((cookie) => (cookie.httpOnly ? cookie : { ...cookie, value: 'changed' })));
    values.push(setup.jar.readCookie('csrf'));
    await until(auth.refresh());
    expect(sent).toEqual(values);
    expect(values[1]).toBe('changed');
  });

  it('takes over a session that a former version kept in storage, by one refresh', async () => {
    setup.api.configure({ refreshToken: 'body' });
    const former = setup.open({ protocol: bonfire({ baseUrl: BASE_URL, appKey: 'app-key' }) });
    await setup.signIn(former.auth);
    former.tab.kill();
    setup.api.configure({ refreshToken: 'cookie' });
    const { auth } = setup.open();
    expect(await until(auth.ready())).toMatchObject({ status: 'signedIn', tokens: { refreshToken: expect.any(String) } });
    await setup.world.sleep(LIFETIME_MS * 2);
    expect((await until(auth.fetch('/users/me'))).status).toBe(200);
    expect(auth.getSnapshot().tokens?.refreshToken).toEqual({ in: 'cookie' });
    await until(auth.refresh());
    expect(setup.api.counts).toMatchObject({ created: 1, refreshes: 2, reuses: 0 });
  });

  it('can be signed in, refreshed and signed out from a page of another origin', async () => {
    const { auth } = await setup.openSignedIn();
    expect(setup.world.openTab().platform.pageUrl()).not.toContain(new URL(BASE_URL).origin);
    await setup.world.sleep(LIFETIME_MS * 2);
    expect((await until(auth.fetch('/users/me'))).status).toBe(200);
    await until(auth.signOut());
    await setup.world.advance(1000);
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth 200', '/oauth/sign-out 204']);
  });
});
