import { createAuthClient, type AuthError } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { createRedirectSignIn } from 'unexpired/redirect';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rejection } from '../support/setup.ts';
import { API, APP, CLIENT_ID, ISSUER, PATHS } from './support/authorization-server.ts';
import { startOidcProvider } from './support/oidc-provider.ts';
import { openPage, type AppPage } from './support/redirect-setup.ts';
import { setUp, type Setup } from './support/setup.ts';
import { createWindow } from './support/window.ts';

let setup: Setup;
beforeEach(async () => {
  setup = await setUp(() => startOidcProvider('jwt'));
});
afterEach(() => setup.close());

const until = <T>(promise: Promise<T>) => setup.world.until(promise);
const tokenRequests = ({ requests }: AppPage) => requests.filter((url) => url.endsWith(PATHS.token)).length;

/** Writes other claims, and another algorithm, into the ID tokens of token answers. */
const forging = (change: (claims: Record<string, unknown>) => void, alg = 'RS256') => async (url: string, response: Response) => {
  if (!url.endsWith(PATHS.token)) return response;
  const { id_token: idToken, ...body } = (await response.json()) as { id_token: string };
  const [, payload = '', signature] = idToken.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  change(claims);
  const forged = [{ alg }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return Response.json({ ...body, id_token: [...forged, signature].join('.') });
};

/** Changes the parameters of the callback's address. */
function altered(href: string, change: (parameters: URLSearchParams) => void): string {
  const url = new URL(href);
  change(url.searchParams);
  return url.href;
}

describe('a callback', () => {
  // claim: mix-up-refused
  it.each<[string, (parameters: URLSearchParams) => void, string, number]>([
    ['without a state', (parameters) => parameters.delete('state'), 'sign_in_expired', 0],
    ['with a forged state', (parameters) => parameters.set('state', 'forged'), 'sign_in_expired', 0],
    ['with two states', (parameters) => parameters.append('state', 'forged'), 'invalid_response', 0],
    ['without a code', (parameters) => parameters.delete('code'), 'invalid_response', 0],
    ['with two codes', (parameters) => parameters.append('code', 'forged'), 'invalid_response', 0],
    ['with a guessed code', (parameters) => parameters.set('code', 'guessed'), 'grant_refused', 1],
    ['without an issuer', (parameters) => parameters.delete('iss'), 'invalid_response', 0],
    ['of another issuer', (parameters) => parameters.set('iss', 'https://evil.example.com'), 'invalid_response', 0],
    ['with two issuers', (parameters) => parameters.append('iss', 'https://evil.example.com'), 'invalid_response', 0],
    ['with an error beside its code', (parameters) => parameters.set('error', 'access_denied'), 'grant_refused', 0],
    ['with the answer of an implicit flow', (parameters) => parameters.set('response', 'a.b.c'), 'invalid_response', 0],
  ])('%s signs in no user', async (_, change, code, sent) => {
    const page = openPage(setup);
    await page.leave();
    const secret = new URL(page.window.at).searchParams.get('code') ?? '';
    page.window.at = altered(page.window.at, change);
    const error = (await rejection(until(page.redirect.finish()))) as AuthError;
    expect(error).toMatchObject({ code });
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(secret);
    expect([tokenRequests(page), (await until(page.auth.ready())).status]).toEqual([sent, 'signedOut']);
  });

  // claim: injected-code-refused
  it('with the code of another flow signs in no user, because its verifier is another one', async () => {
    const [page, attacker] = [openPage(setup), openPage(setup)];
    await page.leave();
    await attacker.leave({ loginHint: 'mallory' });
    const code = new URL(attacker.window.at).searchParams.get('code') ?? '';
    page.window.at = altered(page.window.at, (parameters) => parameters.set('code', code));
    expect(await rejection(until(page.redirect.finish()))).toMatchObject({ code: 'grant_refused', apiCode: 'invalid_grant' });
    expect((await until(page.auth.ready())).status).toBe('signedOut');
  });

  // claim: foreign-callback-refused
  it('of an attacker’s browser signs in no user', async () => {
    const elsewhere = await setUp(() => startOidcProvider('jwt'));
    const attacker = openPage(elsewhere);
    await elsewhere.world.until(attacker.redirect.start());
    const page = openPage(setup);
    page.window.at = `${APP}/callback?code=a&state=${new URL(attacker.window.at).searchParams.get('state')}`;
    expect(await rejection(until(page.redirect.finish()))).toMatchObject({ code: 'sign_in_expired' });
    await elsewhere.close();
  });

  it('that is opened again, by the back button or a bookmark, disturbs no session', async () => {
    const page = openPage(setup);
    await page.leave();
    const { at } = page.window;
    await until(page.redirect.finish());
    const { sessionId } = page.auth.getSnapshot();
    const again = openPage(setup);
    again.window.at = at;
    expect(await rejection(until(again.redirect.finish()))).toMatchObject({ code: 'sign_in_expired' });
    expect([tokenRequests(again), (await until(again.auth.ready())).sessionId]).toEqual([0, sessionId]);
  });

  // claim: code-redeemed-once
  it('that is opened in two tabs at once redeems its code once', async () => {
    const pages = Array.from({ length: 5 }, () => openPage(setup));
    const [first] = pages;
    await first?.leave();
    for (const page of pages) page.window.at = first?.window.at ?? '';
    const results = await until(Promise.allSettled(pages.map(({ redirect }) => redirect.finish())));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(pages.map(tokenRequests).sort()).toEqual([0, 0, 0, 0, 1]);
  });

  it('that comes back after more than an hour is too late', async () => {
    const page = openPage(setup);
    await page.leave();
    await setup.world.advance(61 * 60_000);
    expect(await rejection(until(page.redirect.finish()))).toMatchObject({ code: 'sign_in_expired' });
  });

  it.each([
    ['access_denied', 'grant_refused'],
    ['login_required', 'grant_refused'],
    ['temporarily_unavailable', 'grant_unavailable'],
    ['invalid_scope', 'misconfigured'],
  ])('with the error %s is reported as %s', async (apiCode, code) => {
    const page = openPage(setup);
    await page.leave({ returnTo: '/deep' });
    page.window.at = altered(page.window.at, (parameters) => {
      parameters.delete('code');
      parameters.set('error', apiCode);
      parameters.set('error_description', '<script>alert(1)</script>');
    });
    const error = (await rejection(until(page.redirect.finish()))) as AuthError;
    expect(error).toMatchObject({ code, apiCode });
    expect(error.message).not.toContain('script');
    await until(page.redirect.start()); // The next try goes on where the first one would have.
    page.window.at = await setup.network.navigate(page.window.at);
    expect((await until(page.redirect.finish())).returnTo).toBe('/deep');
  });
});

describe('the claims of a user', () => {
  // claim: userinfo-of-another-user-refused
  it('are refused if they are of another user', async () => {
    const page = openPage(setup, { forge: (url, response) => (url.endsWith('/me') ? Response.json({ sub: 'mallory' }) : response) });
    await page.signIn();
    expect(await rejection(until(page.redirect.fetchUser()))).toMatchObject({ code: 'invalid_response' });
  });
});

describe('the page after a sign-in', () => {
  // claim: no-open-redirect
  it.each(['https://evil.example.com/', '//evil.example.com', '/\\evil.example.com', '/..//evil.example.com', 'javascript:alert(1)', 'data:text/html,x', 'https://app.example.com.evil.example.com/', 'https://app.example.com@evil.example.com/', ' //evil.example.com', '\t//evil.example.com'])('is the start page if %j is asked for', async (returnTo) => {
    expect((await openPage(setup).signIn({ returnTo })).returnTo).toBe('/');
  });

  it.each([['/posts?a=1#b', '/posts?a=1#b'], ['posts', '/posts'], ['https://app.example.com/x', '/x']])('is that of %j', async (returnTo, path) => {
    expect((await openPage(setup).signIn({ returnTo })).returnTo).toBe(path);
  });
});

describe('an ID token', () => {
  // claim: id-token-claims-checked
  it.each<[string, (claims: Record<string, unknown>) => void]>([
    ['of another issuer', (claims) => (claims['iss'] = 'https://evil.example.com')],
    ['for another client', (claims) => (claims['aud'] = 'another-app')],
    ['for two clients, without the one that asked', (claims) => (claims['aud'] = [CLIENT_ID, 'another-app'])],
    ['for another party of several', (claims) => Object.assign(claims, { aud: [CLIENT_ID, 'another-app'], azp: 'another-app' })],
    ['with the nonce of another flow', (claims) => (claims['nonce'] = 'another')],
    ['without a nonce', (claims) => delete claims['nonce']],
    ['without a subject', (claims) => delete claims['sub']],
    ['that has expired', (claims) => (claims['exp'] = Number(claims['iat']) - 60)],
    ['without an end', (claims) => delete claims['exp']],
    ['without the time of its issue', (claims) => delete claims['iat']],
    ['that is not valid yet', (claims) => (claims['nbf'] = Number(claims['iat']) + 3600)],
  ])('%s signs in no user', async (_, change) => {
    const page = openPage(setup, { forge: forging(change) });
    expect(await rejection(page.signIn())).toMatchObject({ code: 'invalid_response' });
    expect((await until(page.auth.ready())).status).toBe('signedOut');
  });

  // claim: id-token-algorithm-checked
  it.each(['none', 'HS256', 'ES256'])('with the algorithm %s instead of that of the server signs in no user', async (alg) => {
    const page = openPage(setup, { forge: forging(() => undefined, alg) });
    expect(await rejection(page.signIn())).toMatchObject({ code: 'invalid_response' });
    expect((await until(page.auth.ready())).status).toBe('signedOut');
  });

  // claim: refreshed-id-token-checked
  it.each<[string, (claims: Record<string, unknown>) => void]>([
    ['of another issuer', (claims) => (claims['iss'] = 'https://evil.example.com')],
    ['for another client', (claims) => (claims['aud'] = 'another-app')],
  ])('%s that comes with a refresh does not take the place of the former one', async (_, change) => {
    let isForged = false;
    const page = openPage(setup, { forge: (url, response) => (isForged ? forging(change)(url, response) : response) });
    await page.signIn();
    const idToken = () => page.auth.getSnapshot().tokens?.extra?.['id_token'];
    const former = idToken();
    isForged = true;
    await until(page.auth.refresh());
    expect([page.auth.getSnapshot().status, idToken()]).toEqual(['signedIn', former]);
  });

  it('that says that the user was authenticated too long ago signs in no user', async () => {
    const page = openPage(setup, { forge: forging((claims) => (claims['auth_time'] = Number(claims['iat']) - 3600)) });
    expect(await rejection(page.signIn({ maxAge: 60 }))).toMatchObject({ code: 'invalid_response' });
  });

  it('that is missing signs in no user', async () => {
    const page = openPage(setup, {
      async forge(url, response) {
        if (!url.endsWith(PATHS.token)) return response;
        return Response.json({ ...((await response.json()) as object), id_token: undefined });
      },
    });
    expect(await rejection(page.signIn())).toMatchObject({ code: 'invalid_response' });
  });
});

describe('a discovery document', () => {
  const document = { issuer: ISSUER, authorization_endpoint: `${ISSUER}/a`, token_endpoint: `${ISSUER}/t` };
  // claim: discovery-document-checked
  it.each<[string, Response | (() => Response), string]>([
    ['that is a page', () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }), 'misconfigured'],
    ['of another issuer', () => Response.json({ ...document, issuer: 'https://evil.example.com' }), 'misconfigured'],
    ['that is missing', () => new Response('', { status: 404 }), 'misconfigured'],
    ['without a token endpoint', () => Response.json({ ...document, token_endpoint: undefined }), 'misconfigured'],
    ['with a plain http endpoint', () => Response.json({ ...document, token_endpoint: 'http://id.example.com/t' }), 'misconfigured'],
    ['of a server without S256', () => Response.json({ ...document, code_challenge_methods_supported: ['plain'] }), 'misconfigured'],
    ['of a server that is down', () => new Response('', { status: 503 }), 'grant_unavailable'],
  ])('%s keeps the user on the page', async (_, answer, code) => {
    const { redirect, window } = openPage(setup, { forge: (url, response) => (url.includes('/.well-known/') && typeof answer === 'function' ? answer() : response) });
    expect(await rejection(until(redirect.start()))).toMatchObject({ code });
    expect(window.left).toEqual([]);
  });

  it('that could not be loaded is asked for again at the next try', async () => {
    let isDown = true;
    const { redirect, window } = openPage(setup, { forge: (_, response) => (isDown ? new Response('', { status: 503 }) : response) });
    expect(await rejection(until(redirect.start()))).toMatchObject({ code: 'grant_unavailable', transient: true });
    isDown = false;
    await until(redirect.start());
    expect(window.left).toHaveLength(1);
  });
});

describe('wrong settings', () => {
  const auth = createAuthClient({ protocol: oauth2({ tokenEndpoint: `${ISSUER}/t`, clientId: CLIENT_ID, resourceOrigins: [API] }) });
  const right = { issuer: ISSUER, clientId: CLIENT_ID, redirectUri: '/callback', window: createWindow() };
  it.each<[string, object]>([
    ['issuer', { issuer: 'http://id.example.com' }],
    ['issuer', { issuer: 'id.example.com' }],
    ['issuer', { issuer: 'https://ada:secret@id.example.com' }],
    ['clientId', { clientId: '' }],
    ['redirectUri', { redirectUri: 'callback' }],
    ['redirectUri', { redirectUri: '//evil.example.com' }],
    ['scope', { scope: ['openid'] }],
    ['parameters.state', { parameters: { state: 'mine' } }],
    ['parameters.code_challenge_method', { parameters: { code_challenge_method: 'plain' } }],
    ['parameters.audience', { parameters: { audience: 1 } }],
    ['endpoints.tokenEndpoint', { endpoints: { authorizationEndpoint: `${ISSUER}/a` } }],
    ['endpoints.authorizationEndpoint', { endpoints: { authorizationEndpoint: 'http://id.example.com/a', tokenEndpoint: `${ISSUER}/t` } }],
    ['storage', { storage: {} }],
  ])('name the field %s', async (field, wrong) => {
    const error = (await rejection(Promise.resolve().then(() => createRedirectSignIn(auth, { ...right, ...wrong })))) as AuthError;
    expect(error).toMatchObject({ code: 'invalid_config', field });
    expect(error.message).not.toContain('secret');
  });

  it.each<[string, object]>([['parameters.nonce', { parameters: { nonce: 'mine' } }], ['maxAge', { maxAge: -1 }], ['maxAge', { maxAge: 1.5 }]])('of a start name the field %s', async (field, options) => {
    expect(await rejection(until(openPage(setup).redirect.start(options)))).toMatchObject({ code: 'invalid_config', field });
  });
});
