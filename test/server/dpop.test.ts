import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { boundTo, dpop } from 'unexpired/dpop';
import { oauth2 } from 'unexpired/oauth2';
import { createSessions, memory, type Sessions, type SessionsConfig, type SessionStore } from 'unexpired/server';
import { createDpopServer, ORIGIN, passwordGrant, TOKEN_ENDPOINT, type DpopServer } from '../support/dpop-server.ts';
import { platformOf, requestWith, SECRET } from './support/instances.ts';

let server: DpopServer;
let store: SessionStore;
beforeEach(() => {
  server = createDpopServer();
  store = memory(server.world.openTab().platform);
});
afterEach(() => vi.restoreAllMocks());

const until = <T>(promise: Promise<T>) => server.world.until(promise);

/** Starts an instance, which has a protocol of its own. */
function start(config: Partial<SessionsConfig> = {}): Sessions {
  const protocol = oauth2({ tokenEndpoint: TOKEN_ENDPOINT, revocationEndpoint: 'https://id.example.com/oauth/revoke', clientId: 'app', resourceOrigins: [ORIGIN], dpop: dpop() });
  return createSessions({ protocol, store, secrets: [SECRET], platform: platformOf(server.world, server.world.openTab(), 0), ...config });
}

async function call(sessions: Sessions, setCookie: string): Promise<number> {
  return (await until((await until(sessions.of(requestWith(setCookie)))).fetch('/posts', { method: 'POST', body: 'kept' }))).status;
}

describe('the key of a session on a server', () => {
  // claim: server-key-for-all-instances
  it('is used by every instance, over refreshes', async () => {
    Object.assign(server.nonces, { token: 'token-1', api: 'api-1' });
    const [one, other] = [start(), start()];
    const { setCookie } = await until(one.signIn(passwordGrant('ada')));
    expect([await call(one, setCookie), await call(other, setCookie)]).toEqual([200, 200]);
    await server.world.advance(61_000);
    expect([await call(other, setCookie), await call(one, setCookie), await call(start(), setCookie)]).toEqual([200, 200, 200]);
    expect(new Set(server.requests.map(({ jkt }) => jkt)).size).toBe(1);
    expect(new Set(server.requests.filter(({ url }) => url.startsWith(ORIGIN)).map(({ authorization }) => authorization?.split(' ')[0]))).toEqual(new Set(['DPoP']));
  });

  it('costs one refresh if 20 requests reach two instances after the access token has expired', async () => {
    const instances = [start(), start()];
    const { setCookie } = await until(instances[0]!.signIn(passwordGrant('ada')));
    await server.world.advance(61_000);
    const calls = instances.flatMap((sessions) => Array.from({ length: 20 }, async () => (await (await sessions.of(requestWith(setCookie))).fetch('/posts')).status));
    expect(new Set(await until(Promise.all(calls)))).toEqual(new Set([200]));
    expect(server.answers('/oauth/token')).toEqual([200, 200]);
  });

  // claim: server-key-in-the-row
  it('is in the encrypted row only, and another one for each session', async () => {
    const written: string[] = [];
    const insert = store.insert.bind(store);
    vi.spyOn(store, 'insert').mockImplementation((key, row) => (written.push(row.text), insert(key, row)));
    const sessions = start();
    await until(sessions.signIn(passwordGrant('ada')));
    await until(sessions.signIn(passwordGrant('grace')));
    expect(written).toHaveLength(2);
    expect(written.join()).not.toMatch(/dpop|access-|kty/);
    expect(new Set(server.requests.map(({ jkt }) => jkt)).size).toBe(2);
  });

  it('proves the revocation at the sign-out', async () => {
    const sessions = start();
    const { setCookie } = await until(sessions.signIn(passwordGrant('ada')));
    await until((await until(sessions.of(requestWith(setCookie)))).signOut());
    await server.world.advance(1000);
    expect(server.requests.at(-1)).toMatchObject({ url: expect.stringContaining('/oauth/revoke'), jkt: server.requests[0]?.jkt });
  });

  it('can be that of the app’s own sign-in', async () => {
    const sessions = start();
    const keyPair = await until(crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']));
    const tokens = await until(boundTo({ accessToken: 'access-0', refreshToken: 'unknown', expiresAt: null, scopes: [] }, keyPair));
    const { setCookie } = await until(sessions.signIn(tokens));
    await until((await until(sessions.of(requestWith(setCookie)))).fetch('/posts').catch(() => undefined));
    expect(server.requests.find(({ url }) => url.startsWith(ORIGIN))).toMatchObject({ authorization: 'DPoP access-0', jkt: tokens.extra?.['dpop_jkt'] });
  });

  it.each([{ extractable: false, namedCurve: 'P-256' }, { extractable: true, namedCurve: 'P-384' }])('cannot be one that proves nothing later: %o', async ({ extractable, namedCurve }) => {
    const keyPair = await until(crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, extractable, ['sign', 'verify']));
    await expect(boundTo({ accessToken: 'a', expiresAt: null, scopes: [] }, keyPair)).rejects.toMatchObject({ code: 'invalid_config', field: 'keyPair' });
  });

  it('is not that of another session, if the row of one was changed', async () => {
    const sessions = start();
    const { tokens } = await until(boundTokens());
    const forged = { ...tokens, extra: { ...tokens.extra, dpop_jkt: 'another' } };
    const { setCookie } = await until(sessions.signIn(forged));
    const session = await until(sessions.of(requestWith(setCookie)));
    await expect(until(session.fetch('/posts'))).rejects.toMatchObject({ code: 'key_lost' });
  });

  it('cannot be used by pages, so they get no token', () => {
    expect(() => start({ tokens: 'page' })).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'tokens' }));
  });
});

async function boundTokens() {
  const keyPair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  return { keyPair, tokens: await boundTo({ accessToken: 'access-0', expiresAt: null, scopes: [] }, keyPair) };
}

describe('the proxy of a server with a key', () => {
  const page = (setCookie: string, body: BodyInit, headers: Record<string, string> = {}) => {
    const request = requestWith(setCookie, 'https://app.example.com/api/posts', { method: 'POST', body, duplex: 'half', headers: { 'x-csrf': '1', ...headers } } as RequestInit);
    return request;
  };

  it('sends its own proof, and none of the page', async () => {
    const sessions = start({ proxy: { '/api': { to: ORIGIN } } });
    const { setCookie } = await until(sessions.signIn(passwordGrant('ada')));
    const answer = await until(sessions.proxy(page(setCookie, 'kept', { dpop: 'forged' })));
    expect([answer.status, server.requests.at(-1)?.body]).toEqual([200, 'kept']);
    expect(answer.headers.has('dpop-nonce')).toBe(false);
  });

  // claim: server-key-streamed-body
  it('lets the page repeat a large body that a new nonce has cost', async () => {
    const sessions = start({ proxy: { '/api': { to: ORIGIN } } });
    const { setCookie } = await until(sessions.signIn(passwordGrant('ada')));
    server.nonces.api = 'api-1';
    const large = () => new Blob(['x'.repeat(3_000_000)]).stream();
    const refused = await until(sessions.proxy(page(setCookie, large())));
    expect([refused.status, refused.headers.get('x-session-error')]).toEqual([401, 'body_not_replayed']);
    expect((await until(sessions.proxy(page(setCookie, large())))).status).toBe(200);
    expect(server.answers('/oauth/token')).toEqual([200]);
  });
});
