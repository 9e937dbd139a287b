import type { AuthClient, AuthStorage, TokenSet } from 'unexpired/core';
import { createBotTokens } from 'unexpired/bonfire';
import { buildJwt } from 'unexpired/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../support/world.ts';
import { BASE_URL, createSetup, rejection, type Setup } from '../support/setup.ts';
import { createTokenServer } from '../support/token-server.ts';

let setup: Setup;
let sent: Exchange[];
beforeEach(() => {
  setup = createSetup();
  sent = [];
  setup.world.onExchange = (exchange) => void (exchange.url.endsWith('/revoke') && !sent.includes(exchange) && sent.push(exchange));
});

function open(storage?: AuthStorage) {
  const { protocol } = setup;
  const revokeRequest = ({ refreshToken }: TokenSet) => ({ url: `${BASE_URL}/revoke`, method: 'POST' as const, headers: {}, body: typeof refreshToken === 'string' ? refreshToken : '' });
  return setup.open({ protocol: { ...protocol, revokeRequest }, ...(storage && { storage }) });
}

async function signedIn() {
  const opened = open();
  await setup.signIn(opened.auth);
  return opened;
}

// claim: sign-out-revokes
it('signOut() revokes the tokens without waiting for the answer', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  setup.world.latencyMs = 5000;
  const startedAt = setup.world.now();
  await setup.world.until(auth.signOut());
  expect(setup.world.now() - startedAt).toBeLessThan(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

it('signOut() succeeds if the revocation fails, with a warning that contains no token', async () => {
  const { auth, tab } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  setup.world.errorsQuoteInput = true;
  setup.world.faultOf = () => 'dropBefore';
  await setup.world.until(auth.signOut());
  await setup.world.advance(100);
  expect(auth.getSnapshot().status).toBe('signedOut');
  expect(tab.warnings).toEqual([expect.stringContaining('could not be revoked')]);
  expect(tab.warnings.join()).not.toContain(String(refreshToken).slice(-20));
});

it('signOut() succeeds if `revokeRequest` throws, with a warning that contains no token, and its error is reported', async () => {
  const revokeRequest = ({ accessToken, refreshToken }: TokenSet) => {
    throw new Error(`no way to revoke ${accessToken} and ${refreshToken}`);
  };
  const { auth, tab } = setup.open({ protocol: { ...setup.protocol, revokeRequest } });
  await setup.world.until(auth.signIn({ accessToken: 'opaque-access', refreshToken: 'opaque-refresh', expiresAt: null, scopes: [] }));
  await setup.world.until(auth.signOut());
  expect(auth.getSnapshot().status).toBe('signedOut');
  expect(tab.warnings).toEqual(['unexpired: the session has ended, but its tokens could not be revoked: Error']);
  expect(tab.reports).toEqual([new Error('no way to revoke opaque-access and opaque-refresh')]);
});

it('signOut() revokes nothing if the client is already signed out', async () => {
  const { auth } = await signedIn();
  await setup.world.until(auth.signOut());
  await setup.world.until(auth.signOut());
  await setup.world.advance(100);
  expect(sent).toHaveLength(1);
});

// claim: sign-out-while-loading-revokes
it('signOut() on a page that still loads revokes the stored tokens', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  const logoutPage = open().auth;
  expect(logoutPage.getSnapshot().status).toBe('loading');
  await setup.world.until(logoutPage.signOut());
  await setup.world.advance(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

it('signOut() on a page that still loads revokes the tokens it has read, even if storage refuses the sign-out', async () => {
  const { auth: first } = await signedIn();
  const { refreshToken } = first.getSnapshot().tokens!;
  first.dispose();
  const { storage } = setup.world.openTab().platform;
  const { auth } = open({ ...storage, update: () => Promise.reject(new Error('UnknownError')) });
  auth.subscribe(() => undefined);
  await setup.world.until(rejection(auth.signOut()));
  await setup.world.advance(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

// claim: late-tokens-revoked
it('signOut() during a refresh also revokes the tokens that arrive after the session has ended', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  setup.world.latencyMs = 1000;
  void auth.refresh().catch(() => undefined);
  await setup.world.advance(500);
  await setup.world.until(auth.signOut());
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
  await setup.world.advance(2000);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.body).toMatch(/^ey/);
  expect(sent[1]?.body).not.toBe(refreshToken);
});

it('signOut() in a tab that missed the last refresh revokes the tokens of that refresh', async () => {
  const [first, second] = [await signedIn(), open()];
  await setup.world.until(second.auth.getAccessToken());
  setup.loseMessages();
  const { refreshToken } = await setup.world.until(first.auth.refresh());
  await setup.world.until(second.auth.signOut());
  await setup.world.advance(100);
  expect(sent.map(({ body }) => body)).toContain(refreshToken);
});

it('signIn() during a refresh revokes the former tokens and those that arrive late, and none of its own', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  setup.world.latencyMs = 1000;
  void auth.refresh().catch(() => undefined);
  await setup.world.advance(500);
  setup.world.latencyMs = 20;
  await setup.signIn(auth, 'cinder');
  await setup.world.advance(2000);
  expect(sent).toHaveLength(2);
  expect(sent[0]?.body).toBe(refreshToken);
  expect([refreshToken, auth.getSnapshot().tokens?.refreshToken]).not.toContain(sent[1]?.body);
  expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
});

it('signIn() of the same user during a refresh does not revoke the tokens that arrive late', async () => {
  const server = createTokenServer({ revocationEndpoint: 'https://api.example.com/oauth/revoke' });
  const tokensOf = (refreshToken: string) => ({ accessToken: buildJwt({ sub: '7', jti: refreshToken }), refreshToken, expiresAt: null, scopes: [] });
  const { auth } = server.open();
  server.answer = () => ({ body: { access_token: tokensOf('late').accessToken, refresh_token: 'late' } });
  await server.world.until(auth.signIn(tokensOf('first')));
  server.world.latencyMs = 1000;
  void auth.refresh().catch(() => undefined);
  await server.world.advance(600);
  expect(server.sent).toEqual(['first']);
  await server.world.until(auth.signIn(tokensOf('second')));
  await server.world.advance(2000);
  expect(auth.getSnapshot().tokens?.refreshToken).toBe('second');
  expect(server.sent).toEqual(['first']); // A revocation would be sent to the same server.
});

it('refresh() revokes nothing', async () => {
  const { auth } = await signedIn();
  await setup.world.until(auth.refresh());
  await setup.world.advance(100);
  expect(sent).toEqual([]);
});

describe('signIn() over another session', () => {
  const other = { accessToken: 'other-access', refreshToken: 'other-refresh', expiresAt: null, scopes: [] };
  const ways: Record<string, (auth: AuthClient) => Promise<unknown>> = {
    'with tokens': (auth) => auth.signIn(other),
    'with a function': (auth) => auth.signIn(() => Promise.resolve(other)),
    'with a grant': (auth) => auth.signIn(createBotTokens(setup.protocol, ['cinder'])),
  };

  // claim: sign-in-revokes-the-former-tokens
  it.each(Object.entries(ways))('%s revokes the former tokens once, and never its own', async (_way, signIn) => {
    const { auth } = await signedIn();
    const { refreshToken } = auth.getSnapshot().tokens!;
    await setup.world.until(signIn(auth));
    await setup.world.advance(1000);
    expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
    await setup.world.until(auth.signOut());
    expect(sent).toHaveLength(2);
  });

  it('in another tab revokes the former tokens once over all tabs', async () => {
    const [first, second] = [await signedIn(), open()];
    const { refreshToken } = first.auth.getSnapshot().tokens!;
    await setup.world.until(second.auth.ready());
    await setup.world.until(second.auth.signIn(other));
    await setup.world.advance(1000);
    expect(first.auth.getSnapshot().tokens).toMatchObject(other);
    expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
  });

  it('on a page that still loads revokes the stored tokens', async () => {
    const { refreshToken } = (await signedIn()).auth.getSnapshot().tokens!;
    await setup.world.until(open().auth.signIn(other));
    await setup.world.advance(1000);
    expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
  });

  it('in a tab that missed the last refresh revokes the tokens of that refresh', async () => {
    const [first, second] = [await signedIn(), open()];
    await setup.world.until(second.auth.ready());
    setup.loseMessages();
    const { refreshToken } = await setup.world.until(first.auth.refresh());
    await setup.world.until(second.auth.signIn(other));
    await setup.world.advance(1000);
    expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
  });

  it('revokes nothing if it fails', async () => {
    const { auth } = await signedIn();
    expect(await rejection(auth.signIn(() => Promise.reject(new Error('closed'))))).toMatchObject({ message: 'closed' });
    expect(await rejection(setup.world.until(auth.signIn({ ...other, accessToken: '' })))).toMatchObject({ code: 'invalid_config' });
    await setup.world.advance(1000);
    expect(sent).toEqual([]);
  });

  it('with the tokens of that session revokes nothing', async () => {
    const { auth } = await signedIn();
    const { tokens } = auth.getSnapshot();
    await setup.world.until(auth.signIn(tokens!));
    await setup.world.until(auth.signIn({ ...tokens!, accessToken: 'another' }));
    await setup.world.advance(1000);
    expect(sent).toEqual([]);
  });

  it('of the same user revokes nothing, because servers end the new session with the former one', async () => {
    const { auth } = open();
    const tokensOf = (sub: string, jti: string) => ({ ...other, accessToken: buildJwt({ sub, jti }), refreshToken: jti });
    await setup.world.until(auth.signIn(tokensOf('ember', 'first')));
    await setup.world.until(auth.signIn(tokensOf('ember', 'second')));
    await setup.world.advance(1000);
    expect(sent).toEqual([]);
    await setup.world.until(auth.signIn(tokensOf('cinder', 'third')));
    await setup.world.advance(1000);
    expect(sent.map(({ body }) => body)).toEqual(['second']);
  });

  it('after a sign-out revokes nothing more', async () => {
    const { auth } = await signedIn();
    await setup.world.until(auth.signOut());
    await setup.world.until(auth.signIn(other));
    await setup.world.advance(1000);
    expect(sent).toHaveLength(1);
  });
});
