import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { oauth2 } from 'unexpired/oauth2';
import { defineProtocol, observe, type AuthClient, type AuthClientConfig, type Protocol, type RefreshOutcome } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { createSetup, isRefresh, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

const ORIGIN = 'https://api.bonfire.test';
const OAUTH2 = oauth2({ tokenEndpoint: `${ORIGIN}/v1/oauth`, clientId: 'app', resourceOrigins: [ORIGIN] });
const BONFIRE = bonfire({ baseUrl: `${ORIGIN}/v1`, appKey: 'app-key' });

/** A protocol of an app whose `readRefresh` is given. */
const own = (readRefresh: Protocol['readRefresh']) =>
  defineProtocol({ name: 'own', baseUrl: ORIGIN, refreshRequest: (token) => ({ url: `${ORIGIN}/v1/oauth`, method: 'POST', headers: {}, body: token }), readRefresh, isRejection: ({ status }) => status === 401 });

/** The mistake of an app that reads `expires_in` where the API writes `expiresIn`. */
const misread = own((answer) => {
  const { access, refresh, expires_in } = JSON.parse(answer.body);
  return { kind: 'granted', tokens: { accessToken: access, refreshToken: refresh, expiresAt: answer.now + expires_in * 1000, scopes: [] } };
});

const bug = new TypeError('a bug of the app that quotes r2-secret');
const throwing = own(() => {
  throw bug;
});

/** A page whose refreshes get the given answers in turn; the last one repeats. */
function openPage(protocol: Protocol, answers: readonly (() => Response)[], setup: Setup = createSetup(), config: Partial<AuthClientConfig> = {}) {
  const tab = setup.world.openTab();
  const sent: string[] = [];
  const { auth } = setup.open({
    ...config,
    protocol,
    platform: {
      ...tab.platform,
      async fetch(input, init) {
        if (!isRefresh(new Request(input, init))) return Response.json({});
        sent.push(/r\d+-secret/.exec(String(init?.body))?.[0] ?? '');
        return (answers[sent.length - 1] ?? answers.at(-1))!();
      },
    },
  });
  return { setup, tab, auth, sent };
}

const signIn = (auth: AuthClient, now: number) => auth.signIn({ accessToken: 'a1', refreshToken: 'r1-secret', expiresAt: now + LIFETIME_MS, scopes: [] });

const answer = (body: unknown, status = 200) => () => Response.json(body, { status });
const rotated = { access: 'a2', refresh: 'r2-secret', expiresIn: 60 };

describe('an answer of the API that the protocol cannot read', () => {
  it.each<[string, Protocol, () => Response]>([
    ['whose protocol throws', throwing, answer(rotated)],
    ['whose tokens oauth2 cannot read', OAUTH2, answer({ access: 'a2' })],
    ['whose tokens bonfire cannot read', BONFIRE, answer({ data: {} })],
  ])('(%s) blocks the refresh in all tabs and over a reload, and the refresh token is not sent again', async (_, protocol, unreadable) => {
    const { setup, auth, sent, tab } = openPage(protocol, [unreadable]);
    const other = openPage(protocol, [unreadable], setup);
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.until(other.auth.ready());
    await setup.world.advance(20 * LIFETIME_MS);
    tab.kill();
    const reloaded = openPage(protocol, [unreadable], setup);
    const error = await setup.world.until(rejection(reloaded.auth.fetch(`${ORIGIN}/v1/users/me`)));
    expect(error).toMatchObject({ code: 'misconfigured', transient: false, message: expect.stringContaining('could not be read') });
    await setup.world.advance(20 * LIFETIME_MS);
    for (const page of [other, reloaded]) expect(page.auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked', error: { code: 'misconfigured' } } });
    expect([...sent, ...other.sent, ...reloaded.sent]).toEqual(['r1-secret']);
  });

  it('ends the session as answer_unreadable once refresh() is refused, with endWhen token_expires, too', async () => {
    const { setup, auth, sent } = openPage(OAUTH2, [answer({}), answer({ error: 'invalid_grant' }, 400)], createSetup(), { endWhen: 'token_expires' });
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.until(rejection(auth.refresh()));
    void rejection(auth.refresh());
    await setup.world.advance(2 * LIFETIME_MS);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'answer_unreadable' });
    expect(sent).toEqual(['r1-secret', 'r1-secret']);
  });

  it.each(['before the request', 'during the request'])('keeps other tabs from sending the refresh token, even if storage has become full %s', async (moment) => {
    const setup = createSetup();
    const becomeFull = () => void (setup.world.storage.fault = 'writesFail');
    const { auth, sent } = openPage(OAUTH2, [() => (becomeFull(), answer({})())], setup);
    const other = openPage(OAUTH2, [answer({})], setup);
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.until(other.auth.ready());
    if (moment === 'before the request') becomeFull();
    await setup.world.until(rejection(auth.refresh()));
    await setup.world.advance(20 * LIFETIME_MS);
    expect([...sent, ...other.sent]).toEqual(['r1-secret']);
    setup.world.storage.fault = 'none';
    await setup.world.advance(20 * LIFETIME_MS);
    expect([...sent, ...other.sent]).toEqual(['r1-secret']);
    for (const page of [auth, other.auth]) expect(page.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
  });

  it('can be asked for again by refresh() of a page that is still loading', async () => {
    const { setup, auth, tab } = openPage(OAUTH2, [answer({})]);
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.until(rejection(auth.refresh()));
    await setup.world.advance(100);
    tab.kill();
    const reloaded = openPage(OAUTH2, [answer({ access_token: 'a2', refresh_token: 'r2-secret', expires_in: 60 })], setup);
    expect(await setup.world.until(reloaded.auth.refresh())).toMatchObject({ accessToken: 'a2' });
    expect(reloaded.sent).toEqual(['r1-secret']);
  });

  it('can be asked for again by refresh()', async () => {
    const { setup, auth, sent } = openPage(OAUTH2, [answer({}), answer({ access_token: 'a2', refresh_token: 'r2-secret', expires_in: 60 })]);
    await setup.world.until(signIn(auth, setup.world.now()));
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'misconfigured' });
    expect(await setup.world.until(auth.refresh())).toMatchObject({ accessToken: 'a2' });
    expect(auth.getSnapshot().refresh).toMatchObject({ state: 'idle', error: null });
    expect(sent).toEqual(['r1-secret', 'r1-secret']);
  });

  it.each([
    ['at once', []],
    ['after the next answer was lost, too', [() => new Response('', { status: 503 })]],
  ])('ends the session as answer_unreadable if the API then refuses the refresh token (%s)', async (_, between) => {
    const { setup, auth } = openPage(OAUTH2, [answer({}), ...between, answer({ error: 'invalid_grant' }, 400)]);
    await setup.world.until(signIn(auth, setup.world.now()));
    for (const _answer of [0, ...between]) {
      expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'misconfigured' });
      expect(auth.getSnapshot().refresh.state).toBe('blocked');
    }
    await setup.world.until(rejection(auth.refresh()));
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'answer_unreadable' });
  });

  it('is asked for again by refresh() only after the wait that the API has asked for since', async () => {
    const { setup, auth, sent } = openPage(OAUTH2, [answer({}), () => new Response('', { status: 503, headers: { 'Retry-After': '3' } }), answer({ access_token: 'a2', refresh_token: 'r2-secret', expires_in: 60 })]);
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.until(rejection(auth.refresh()));
    await setup.world.until(rejection(auth.refresh()));
    const retried = auth.refresh();
    await setup.world.advance(2000);
    expect(sent).toEqual(['r1-secret', 'r1-secret']);
    expect(await setup.world.until(retried)).toMatchObject({ accessToken: 'a2' });
  });

  it('makes the original error of the protocol reach the developer at once, and no error quotes it', async () => {
    const { setup, auth, tab } = openPage(throwing, [answer(rotated)]);
    await setup.world.until(signIn(auth, setup.world.now()));
    const error = await setup.world.until(rejection(auth.refresh()));
    expect(tab.reports).toEqual([bug]);
    expect(`${String(error)} ${JSON.stringify(error)} ${setup.storedText()}`).not.toContain('quotes');
    expect(error).toMatchObject({ message: expect.stringContaining('the protocol threw TypeError') });
  });

  it('is reported if the protocol reads tokens that cannot be stored', async () => {
    const { setup, auth, tab } = openPage(misread, [answer(rotated)]);
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.until(rejection(auth.refresh()));
    expect(tab.reports).toEqual([expect.objectContaining({ code: 'invalid_response', message: expect.stringContaining('`expiresAt`') })]);
    expect(String(tab.reports)).not.toContain('secret');
  });

  it.each<[string, Protocol, () => Response]>([
    ['an HTML page', throwing, () => new Response('<html>Welcome to the hotel</html>')],
    ['an empty answer', throwing, () => new Response('')],
    ['JSON that breaks off', OAUTH2, () => new Response('{"access_token":"a2","refresh_')],
    ['JSON of a proxy in trouble', OAUTH2, answer({}, 502)],
  ])('is not %s, which may come from the network: the client retries by itself', async (_, protocol, weather) => {
    const { setup, auth, sent } = openPage(protocol, [weather]);
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.advance(10 * LIFETIME_MS);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'waiting', error: { transient: true } } });
    expect(sent.length).toBeGreaterThan(3);
  });

  it('rejects a sign-in by grant as invalid_response, which is transient for an HTML page only', async () => {
    for (const [isTransient, body] of [[true, '<html></html>'], [false, '{"token":"t"}']] as const) {
      const { setup, auth } = openPage(BONFIRE, []);
      const { platform } = setup.world.openTab();
      const { auth: page } = setup.open({ protocol: BONFIRE, platform: { ...platform, fetch: async () => new Response(body) } });
      expect(await setup.world.until(rejection(page.signIn(createBotTokens(BONFIRE, ['ember']))))).toMatchObject({ code: 'invalid_response', transient: isTransient });
      auth.dispose();
    }
  });
});

describe('a rotated refresh token in an answer that cannot be used', () => {
  const granted = { kind: 'misconfigured', detail: 'The scope is missing.', rotatedRefreshToken: 'r2-secret' } satisfies RefreshOutcome;
  const inBonfire = (attributes: object) => answer({ data: { attributes } });

  it.each<[string, Protocol, () => Response, string]>([
    ['oauth2, another token type', OAUTH2, answer({ access_token: 'a2', token_type: 'DPoP', refresh_token: 'r2-secret', expires_in: 60 }), 'token_type'],
    ['oauth2, no access token', OAUTH2, answer({ refresh_token: 'r2-secret', expires_in: 60 }), 'accessToken'],
    ['oauth2, an access token with white space', OAUTH2, answer({ access_token: 'a 2', refresh_token: 'r2-secret' }), 'accessToken'],
    ['bonfire, no access token', BONFIRE, inBonfire({ refresh_token: 'r2-secret' }), 'accessToken'],
    ['defineProtocol, an expiry that is not a number', misread, answer(rotated), 'expiresAt'],
    ['defineProtocol, a misconfiguration of its own', own(() => granted), answer(rotated), 'The scope is missing.'],
  ])('is kept and sent next, and the former one is never sent again (%s)', async (_, protocol, unusable, problem) => {
    const { setup, auth, tab, sent } = openPage(protocol, [unusable]);
    await setup.world.until(signIn(auth, setup.world.now()));
    const events: unknown[] = [];
    observe(auth, (event) => events.push(event));
    const error = await setup.world.until(rejection(auth.refresh()));
    expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining(problem) });
    await setup.world.advance(100); // The token is being stored.
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: { accessToken: 'a1', refreshToken: 'r2-secret' }, refresh: { state: 'blocked' } });
    tab.kill();
    const reloaded = openPage(protocol, [unusable], setup);
    await setup.world.until(rejection(reloaded.auth.refresh()));
    expect([...sent, ...reloaded.sent]).toEqual(['r1-secret', 'r2-secret']);
    expect(`${JSON.stringify([events, tab.posted, tab.warnings])} ${String(error)} ${JSON.stringify(error)}`).not.toContain('secret');
  });

  it.each([2, 'r2 secret', '', null])('is not stored if it cannot be sent (%j), so that no page is signed out by it', async (rotatedRefreshToken) => {
    const protocol = own(() => ({ ...granted, rotatedRefreshToken: rotatedRefreshToken as string }));
    const { setup, auth } = openPage(protocol, [answer(rotated)]);
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.until(rejection(auth.refresh()));
    expect(await setup.world.until(openPage(protocol, [answer(rotated)], setup).auth.ready())).toMatchObject({ status: 'signedIn', tokens: { refreshToken: 'r1-secret' } });
  });

  it('is kept by the other tabs, even if storage could not keep it', async () => {
    const unusable = answer({ access_token: 'a2', token_type: 'DPoP', refresh_token: 'r2-secret' });
    const { setup, auth, sent } = openPage(OAUTH2, [unusable]);
    const other = openPage(OAUTH2, [unusable], setup);
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.until(other.auth.ready());
    setup.world.storage.fault = 'writesFail';
    await setup.world.until(rejection(auth.refresh()));
    await setup.world.until(rejection(other.auth.refresh()));
    expect(other.sent).not.toContain('r1-secret');
    setup.world.storage.fault = 'none';
    await setup.world.advance(LIFETIME_MS);
    expect(sent[0]).toBe('r1-secret');
    expect([...sent.slice(1), ...other.sent]).not.toContain('r1-secret');
  });
});

describe('refresh() right after a misconfigured answer', () => {
  it('sends a request of its own', async () => {
    const { setup, auth, sent } = openPage(OAUTH2, [answer({ error: 'invalid_client' }, 401), answer({ access_token: 'a2', refresh_token: 'r2-secret', expires_in: 60 })]);
    await setup.world.until(signIn(auth, setup.world.now()));
    const both = auth.refresh().catch(() => auth.refresh());
    expect(await setup.world.until(both)).toMatchObject({ accessToken: 'a2' });
    expect(sent).toHaveLength(2);
  });

  it('sends one request for three calls', async () => {
    const { setup, auth, sent } = openPage(OAUTH2, [answer({ error: 'invalid_client' }, 401)]);
    await setup.world.until(signIn(auth, setup.world.now()));
    await setup.world.until(auth.refresh().catch(() => Promise.allSettled([auth.refresh(), auth.refresh(), auth.refresh()])));
    expect(sent).toHaveLength(2);
  });
});
