import { describe, expect, it } from 'vitest';
import { createBonfireApi, type BonfireApiOptions } from 'unexpired/testing';
import { cookieUser, refusalOf } from './cookie-user.ts';

interface Shown {
  readonly data: { readonly tokens?: Record<string, object>; readonly attributes?: object };
}

describe('an API with the refresh token in a cookie', () => {
  it('sets an HttpOnly cookie at sign-in, and its answer has no refresh token', async () => {
    const { api, signIn, jar } = cookieUser();
    const response = await signIn();
    const { data } = (await response.json()) as Shown;
    expect(Object.keys(data.tokens?.['ember'] ?? {})).toEqual(['access_token', 'expires_at', 'scope']);
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/^bonfire_refresh=eyJ[\w.-]+; Path=\/v1\/oauth; HttpOnly; SameSite=Strict; Secure$/)]);
    expect(jar.cookies).toMatchObject([{ name: 'bonfire_refresh', path: '/v1/oauth', httpOnly: true, secure: true, sameSite: 'strict', expiresAt: null }]);
    expect(api.counts.created).toBe(1);
  });

  it('rotates the cookie at each refresh, and its answer has no refresh token', async () => {
    const { api, signIn, refresh, held } = cookieUser();
    await signIn();
    const first = held();
    const response = await refresh();
    const { data } = (await response.json()) as Shown;
    expect(Object.keys(data.attributes ?? {})).toEqual(['access_token', 'expires_at', 'scope']);
    expect(held()).not.toBe(first);
    expect((await refresh()).status).toBe(200);
    expect(api.counts).toMatchObject({ refreshes: 2, reuses: 0 });
    expect(api.calls.at(-1)).toMatchObject({ endpoint: 'refresh', botId: 'ember', cookies: ['bonfire_refresh'], inFlightAtStart: 0 });
  });

  it('ends the session if two requests at the same time carry the same cookie', async () => {
    const { api, signIn, refresh, held } = cookieUser();
    await signIn();
    const answers = await Promise.all([refresh(), refresh()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
    expect(api.counts).toMatchObject({ refreshes: 1, reuses: 1, maxConcurrentRefreshes: 2 });
    expect(api.sessions[0]).toMatchObject({ alive: false, endCode: 451 });
    expect(await refusalOf(refresh())).toMatchObject({ code: 451 });
    expect(held()).toBeUndefined();
  });

  it('keeps the cookie if rotation is switched off', async () => {
    const { api, signIn, refresh, held } = cookieUser({ rotateRefreshTokens: false });
    await signIn();
    const first = held();
    await refresh();
    expect(held()).toBe(first);
    expect(api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('answers a visitor without the cookie by error 451 with HTTP 401, or by HTTP 204', async () => {
    const { api, refresh } = cookieUser();
    expect(await refusalOf(refresh())).toEqual({ status: 401, code: 451 });
    api.configure({ cookie: { withoutCookie: 'empty' } });
    const response = await refresh();
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(api.calls.at(-1)).not.toHaveProperty('cookies');
  });

  it('removes the cookie when its session has ended', async () => {
    const { api, signIn, refresh, jar } = cookieUser({ cookie: { hintCookie: 'signed_in', readableDomain: 'bonfire.test' } });
    await signIn();
    api.endSession({}, 810);
    expect(await refusalOf(refresh())).toEqual({ status: 409, code: 810 });
    expect(jar.cookies).toEqual([]);
  });

  it('moves a refresh token from the body to the cookie, as a migration needs', async () => {
    const { api, signIn, refresh, held } = cookieUser({ refreshToken: 'body' });
    const { data } = (await (await signIn({ credentials: 'omit' })).json()) as { data: { tokens: { ember: { refresh_token: string } } } };
    expect(held()).toBeUndefined();
    api.configure({ refreshToken: 'cookie' });
    await refresh({ form: { grant_type: 'refresh_token', refresh_token: data.tokens.ember.refresh_token } });
    expect(held()).toMatch(/^eyJ/);
    expect((await refresh()).status).toBe(200);
    expect(api.counts).toMatchObject({ refreshes: 2, reuses: 0 });
  });

  it('signs in one bot at a time, because a browser has one cookie', async () => {
    const { api, signIn } = cookieUser();
    expect(await refusalOf(signIn({ form: { grant_type: 'client_credentials', bots: '["ember", "spark"]' } }))).toEqual({ status: 400, code: 600 });
    expect(api.counts.created).toBe(0);
  });
});

describe('the sign-out of such an API', () => {
  it('ends the session and removes every cookie', async () => {
    const { api, signIn, signOut, jar } = cookieUser({ cookie: { hintCookie: 'signed_in', readableDomain: 'bonfire.test', csrfHeader: { name: 'x-csrf', cookie: 'csrf' } } });
    await signIn();
    expect(jar.cookies).toHaveLength(3);
    expect((await signOut({ headers: { 'x-csrf': jar.readCookie('csrf') ?? '' } })).status).toBe(204);
    expect(jar.cookies).toEqual([]);
    expect(api.sessions).toMatchObject([{ alive: false, endCode: 451 }]);
  });

  it('answers 204 without a cookie, and ends no other session', async () => {
    const { api, jar, signIn, signOut } = cookieUser();
    await signIn();
    jar.clear();
    expect((await signOut()).status).toBe(204);
    expect(api.sessions).toMatchObject([{ alive: true }]);
  });

  it('does not exist while the API keeps refresh tokens in bodies', async () => {
    expect(await refusalOf(cookieUser({ refreshToken: 'body' }).signOut({ credentials: 'omit' }))).toEqual({ status: 404, code: 700 });
  });
});

describe('a token request of another site', () => {
  it.each(['signIn', 'refresh', 'signOut'] as const)('is refused by %s without the anti-CSRF header, before anything happens', async (name) => {
    const { api, [name]: request, signIn, held } = cookieUser();
    await signIn();
    const before = held();
    expect(await refusalOf(request({ headers: {} }))).toEqual({ status: 403, code: 730 });
    expect(await refusalOf(request({ headers: { 'x-csrf': '2' } }))).toEqual({ status: 403, code: 730 });
    expect(held()).toBe(before);
    expect(api.counts).toMatchObject({ created: 1, refreshes: 0 });
  });

  it.each(['/oauth', '/oauth/sign-out'])('is refused if it does not POST to %s', async (path) => {
    expect(await refusalOf(cookieUser().send(path, { method: 'GET' }))).toEqual({ status: 405, code: 900 });
  });

  it('needs a header with another name, or none, if the API is set up so', async () => {
    const { api, signIn, refresh } = cookieUser({ cookie: { csrfHeader: { name: 'X-Requested-With', value: 'app' } } });
    expect((await signIn({ headers: { 'x-requested-with': 'app' } })).status).toBe(200);
    api.configure({ cookie: { csrfHeader: null } });
    expect((await refresh({ headers: {} })).status).toBe(200);
  });

  it('has to repeat a readable cookie if the API expects double submit', async () => {
    const { signIn, refresh, jar } = cookieUser({ cookie: { csrfHeader: { name: 'x-csrf', cookie: 'csrf' }, readableDomain: 'bonfire.test' } });
    expect(await refusalOf(refresh({ headers: {} }))).toEqual({ status: 401, code: 451 });
    expect((await signIn({ headers: {} })).status).toBe(200);
    expect(await refusalOf(refresh({ headers: {} }))).toEqual({ status: 403, code: 730 });
    const value = jar.readCookie('csrf') ?? '';
    expect(value).toMatch(/^[\w-]{36}$/);
    expect((await refresh({ headers: { 'x-csrf': value } })).status).toBe(200);
    expect(jar.readCookie('csrf')).toBe(value);
  });

  it('gets the readable cookie of double submit again if only that one is missing', async () => {
    const { signIn, refresh, signOut, jar } = cookieUser({ cookie: { csrfHeader: { name: 'x-csrf', cookie: 'csrf' }, readableDomain: 'bonfire.test' } });
    await signIn({ headers: {} });
    const [refreshCookie] = jar.cookies;
    jar.clear();
    jar.store(new Request('https://api.bonfire.test/v1/oauth', { credentials: 'include' }), new Response('', { headers: { 'set-cookie': `bonfire_refresh=${refreshCookie?.value}; Path=/v1/oauth; HttpOnly` } }));
    for (const request of [refresh, signIn, signOut]) {
      expect(await refusalOf(request({ headers: {} }))).toEqual({ status: 403, code: 730 });
    }
    expect((await refresh({ headers: { 'x-csrf': jar.readCookie('csrf') ?? '' } })).status).toBe(200);
  });
});

describe('a fault at an API with cookies', () => {
  it.each([
    ['dropAfter', { kind: 'dropAfter' }],
    ['status, after the request was processed', { kind: 'status', status: 502, after: true }],
  ] as const)('of kind `%s` loses the cookie with the answer', async (_, fault) => {
    const { api, signIn, refresh, held } = cookieUser();
    await signIn();
    const before = held();
    api.addFault({ endpoint: 'refresh', times: 1, ...fault });
    await refresh().catch(() => undefined);
    expect(held()).toBe(before);
    expect(api.counts.refreshes).toBe(1);
    expect(await refusalOf(refresh())).toMatchObject({ code: 451 });
  });

  it('of kind `late` delivers the cookie with the late answer, over the cookie of a later one', async () => {
    let arrive: () => void = () => undefined;
    const { api, signIn, refresh, held } = cookieUser({ reuseGraceMs: 60_000, sleep: () => new Promise((resolve) => (arrive = resolve)) });
    await signIn();
    const first = held();
    api.addFault({ endpoint: 'refresh', kind: 'late', delayMs: 5_000, times: 1 });
    const late = refresh();
    await expect.poll(() => api.counts.refreshes).toBe(1);
    expect(held()).toBe(first);
    await refresh(); // In the grace period it gets the same new refresh token.
    await refresh();
    const newest = held();
    arrive();
    expect((await late).status).toBe(200);
    expect(held()).not.toBe(newest);
  });

  it('of kind `late` needs its delay', () => {
    expect(() => createBonfireApi().addFault({ endpoint: 'refresh', kind: 'late' } as never)).toThrow('`delayMs` must be a number of ms, 0 or more; it is undefined.');
  });
});

describe('a page of another origin', () => {
  const origin = { Origin: 'https://app.test' };

  it('can read the answer to a request with cookies, and its origin is named exactly', async () => {
    const { api } = cookieUser();
    const { headers } = await api.fetch('https://bonfire.test/v1/oauth', { method: 'POST', headers: origin });
    expect(headers.get('Access-Control-Allow-Origin')).toBe('https://app.test');
    expect(headers.get('Access-Control-Allow-Credentials')).toBe('true');
    const preflight = await api.fetch('https://bonfire.test/v1/oauth', { method: 'OPTIONS', headers: { ...origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-csrf' } });
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('x-csrf');
    expect(preflight.headers.get('Access-Control-Allow-Credentials')).toBe('true');
  });

  it('cannot if the API does not allow it, or keeps refresh tokens in bodies', async () => {
    const { api } = cookieUser({ cookie: { allowCredentials: false } });
    const answers = [await api.fetch('https://bonfire.test/v1/oauth', { headers: origin })];
    api.configure({ refreshToken: 'body', cookie: { allowCredentials: true } });
    answers.push(await api.fetch('https://bonfire.test/v1/oauth', { headers: origin }));
    expect(answers.map(({ headers }) => headers.get('Access-Control-Allow-Credentials'))).toEqual([null, null]);
  });
});

describe('the settings of the cookie', () => {
  it.each<[object, string]>([
    [{ refreshToken: 'jar' }, '`refreshToken` must be one of "body", "cookie"; it is "jar".'],
    [{ cookie: true }, '`cookie` must be an object; it is true.'],
    [{ cookie: { name: 'a b' } }, '`cookie.name` must be a name without spaces and separators; it is "a b".'],
    [{ cookie: { sameSite: 'lax' } }, '`cookie.sameSite` must be one of "Strict", "Lax", "None", null; it is "lax".'],
    [{ cookie: { secure: 1 } }, '`cookie.secure` must be true or false; it is 1.'],
    [{ cookie: { partitioned: 1 } }, '`cookie.partitioned` must be true or false; it is 1.'],
    [{ cookie: { path: 'oauth' } }, '`cookie.path` must start with "/", or be null; it is "oauth".'],
    [{ cookie: { maxAgeMs: 0 } }, '`cookie.maxAgeMs` must be a number of ms above 0, or null; it is 0.'],
    [{ cookie: { csrfHeader: { name: 'x-csrf' } } }, '`cookie.csrfHeader.value` must be a non-empty string; it is undefined.'],
    [{ cookie: { csrfHeader: { name: 'x-csrf', cookie: '' } } }, '`cookie.csrfHeader.cookie` must be a non-empty string; it is "".'],
    [{ cookie: { hintCookie: 'a;b' } }, '`cookie.hintCookie` must be a name without spaces and separators; it is "a;b".'],
    [{ cookie: { readableDomain: '' } }, '`cookie.readableDomain` must be a non-empty string; it is "".'],
    [{ cookie: { withoutCookie: 401 } }, '`cookie.withoutCookie` must be one of "refuse", "empty"; it is 401.'],
    [{ cookie: { allowCredentials: 'yes' } }, '`cookie.allowCredentials` must be true or false; it is "yes".'],
  ])('refuse %j with a message that says which values are allowed', (options, message) => {
    expect(() => createBonfireApi(options as BonfireApiOptions)).toThrow(message);
  });

  it('that `configure` leaves out keep their values', () => {
    const api = createBonfireApi({ refreshToken: 'cookie', cookie: { name: 'mine' } });
    api.configure({ cookie: { sameSite: null } });
    expect(api.settings).toMatchObject({ refreshToken: 'cookie', cookie: { name: 'mine', sameSite: null, secure: true } });
  });
});
