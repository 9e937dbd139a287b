import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { IDBFactory } from 'fake-indexeddb';
import type { AuthClient } from 'unexpired';
import { createBonfireApi } from 'unexpired/testing';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { listen } from '../browsers/server/listening.ts';
import { API, APP, ISSUER, PATHS } from '../servers/support/authorization-server.ts';
import { createNetwork } from '../servers/support/network.ts';
import { startOidcProvider } from '../servers/support/oidc-provider.ts';
import { startResourceApi } from '../servers/support/resource-api.ts';
import { EMAIL, PASSWORD, startOwnApi, type OwnApi } from './support/own-api.ts';
import { root } from './support/package.ts';
import { routeFetch } from './support/route-fetch.ts';

const FOLDER = `${root}/test/package/readme`;
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

beforeEach(() => void vi.resetModules()); // Each test gets a client of its own.
afterEach(() => vi.unstubAllGlobals());

/** Disposes of a client at the end of the test. */
function kept<T extends { readonly auth: AuthClient }>(module: T): T {
  onTestFinished(module.auth.dispose);
  return module;
}

describe('the README', () => {
  const readme = readFileSync(`${root}/README.md`, 'utf8');

  it.each(FILES)('shows %s as the tests run it', (file) => {
    expect(readme).toContain(`\`\`\`${file.split('.').at(-1)} ${file}\n${readFileSync(`${FOLDER}/${file}`, 'utf8')}\`\`\`\n`);
  });

  it('shows only code that the tests run', () => {
    const names = [...readme.matchAll(/^```(\w+)(?: (\S+))?$/gm)].map(([, language, name]) => name ?? language);
    expect(names.sort()).toEqual([...FILES, 'sh'].sort());
  });
});

describe('the client for the Bonfire API', () => {
  it('signs in, and repeats a call whose token was revoked', async () => {
    const api = createBonfireApi({ appKey: 'my-app-key' });
    const server = await listen(createAdaptorServer({ fetch: (request) => api.fetch(request) }) as Server);
    onTestFinished(server.close);
    routeFetch('https://api.bonfire.camp', server.origin);
    const { auth, logIn } = kept(await import('./readme/bonfire/auth.ts'));
    await logIn('ember');
    expect((await auth.ready()).status).toBe('signedIn');
    api.revokeAccessTokens();
    expect((await auth.fetch('/users/me')).status).toBe(200);
    expect(api.counts).toMatchObject({ refreshes: 1, rejections: 1 });
    await expect(logIn('unknown-bot')).rejects.toMatchObject({ code: 'grant_refused' });
  });
});

describe.each([
  ['the README', () => import('./readme/own/auth.ts')],
  [
    'the guide',
    async () => {
      const [{ auth }, { logIn }] = await Promise.all([import('./own-api/auth.ts'), import('./own-api/log-in.ts')]);
      return { auth, logIn: (email: string, password: string) => auth.signIn(() => logIn(email, password)) };
    },
  ],
])('the client of %s for an API of one\'s own', (_, load) => {
  let api: OwnApi;
  beforeEach(async () => {
    api = await startOwnApi();
    routeFetch('https://api.example.com', api.origin);
  });
  afterEach(() => api.close());

  it('signs in, and repeats a call whose token was revoked', async () => {
    const { auth, logIn } = kept(await load());
    await logIn(EMAIL, PASSWORD);
    api.revokeAccessTokens();
    const answers = await Promise.all([1, 2, 3].map(() => auth.fetch('/orders', { method: 'POST', body: 'one lamp' })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(api.requests.filter((request) => request === 'POST /refresh')).toHaveLength(1);
  });

  it('distinguishes a wrong password from a server that is down or cannot be reached', async () => {
    const { auth, logIn } = kept(await load());
    await expect(logIn(EMAIL, 'wrong')).rejects.toThrow('Wrong e-mail or password.');
    api.status = 503;
    await expect(logIn(EMAIL, PASSWORD)).rejects.toThrow('The server cannot sign you in now (HTTP 503).');
    await api.close();
    await expect(logIn(EMAIL, PASSWORD)).rejects.toThrow('The server cannot be reached.');
    expect((await auth.ready()).status).toBe('signedOut');
  });

  it('keeps the session while the server is in trouble', async () => {
    const { auth, logIn } = kept(await load());
    await logIn(EMAIL, PASSWORD);
    api.status = 503;
    const refreshed = auth.refresh().catch(() => null); // It would wait for the next attempt.
    await expect.poll(() => auth.getSnapshot().refresh.error).toMatchObject({ code: 'refresh_unavailable', transient: true });
    expect(auth.getSnapshot().status).toBe('signedIn');
    auth.dispose();
    await refreshed;
  });

  it('ends the session when the API refuses the refresh token', async () => {
    const { auth, logIn } = kept(await load());
    await logIn(EMAIL, PASSWORD);
    api.endSessions();
    api.revokeAccessTokens();
    await expect(auth.fetch('/orders')).rejects.toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
  });
});

describe('the protocol of the guide', () => {
  it('revokes the refresh token at sign-out', async () => {
    const api = await startOwnApi();
    onTestFinished(api.close);
    routeFetch('https://api.example.com', api.origin);
    const [{ auth }, { logIn }] = await Promise.all([import('./own-api/auth.ts'), import('./own-api/log-in.ts')]);
    onTestFinished(auth.dispose);
    await auth.signIn(() => logIn(EMAIL, PASSWORD));
    await auth.signOut();
    await expect.poll(() => api.requests).toContain('POST /logout');
  });

  it('gives a sign-in by grant the code of the API, and distinguishes a refusal from a server that is down', async () => {
    const api = await startOwnApi();
    onTestFinished(api.close);
    routeFetch('https://api.example.com', api.origin);
    const [{ auth }, { signInGrant }] = await Promise.all([import('./own-api/auth.ts'), import('./own-api/sign-in-grant.ts')]);
    onTestFinished(auth.dispose);
    await expect(auth.signIn(signInGrant(EMAIL, 'battery staple'))).rejects.toMatchObject({ code: 'grant_refused', apiCode: 'wrong_credentials' });
    api.status = 503;
    await expect(auth.signIn(signInGrant(EMAIL, PASSWORD))).rejects.toMatchObject({ code: 'grant_unavailable', transient: true });
    api.status = 0;
    await auth.signIn(signInGrant(EMAIL, PASSWORD));
    expect((await auth.fetch('/orders')).status).toBe(200);
  });

  it('turns an error status into an error with the code of the API', async () => {
    const { ApiError, readJson } = await import('./own-api/read-json.ts');
    expect(await readJson(Response.json(['a chair']))).toEqual(['a chair']);
    await expect(readJson(Response.json({ error: 'sold_out' }, { status: 409 }))).rejects.toMatchObject({ status: 409, code: 'sold_out' });
    await expect(readJson(new Response('<html>', { status: 502 }))).rejects.toBeInstanceOf(ApiError);
    await expect(readJson(new Response('<html>', { status: 502 }))).rejects.toMatchObject({ status: 502, code: null });
  });
});

it('axios, as the README gives it the client, repeats a request whose token was revoked', async () => {
  const api = await startOwnApi();
  onTestFinished(api.close);
  routeFetch('https://api.example.com', api.origin);
  const { logIn } = kept(await import('./readme/own/auth.ts'));
  const client = await import('./readme/own/api.ts');
  await logIn(EMAIL, PASSWORD);
  api.revokeAccessTokens();
  expect((await client.api.post('/orders', 'one lamp')).data).toEqual(['a chair', 'one lamp']);
  expect(api.requests.slice(1)).toEqual(['POST /orders', 'POST /refresh', 'POST /orders']);
});

it.each([
  ['the README', () => import('./readme/oauth2/auth.ts')],
  ['the migration pages', () => import('./redirect/app.tsx')],
])('the client of %s for an OAuth 2.0 server signs in by redirect, and repeats a call whose token was revoked', async (_, load) => {
  const server = await startOidcProvider('opaque');
  const api = await startResourceApi(server);
  const network = createNetwork({ [ISSUER]: server.origin, [API]: api.origin }, () => performance.timeOrigin + performance.now());
  onTestFinished(() => Promise.all([server.close(), api.close()]).then(() => void vi.useRealTimers()));
  const sent: string[] = [];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    sent.push(`${request.method} ${request.url}`);
    return network.fetch(request);
  });
  vi.stubGlobal('indexedDB', new IDBFactory());
  const location = { href: `${APP}/`, assign: (url: string) => void (location.href = url) };
  vi.stubGlobal('window', { location, history: { state: null, replaceState: (_: unknown, __: string, path: string) => void (location.href = APP + path) } });
  const { auth, redirect } = kept(await load());

  await redirect.start({ prompt: 'consent', returnTo: '/orders' }); // This server wants it for a refresh token.
  location.href = await network.navigate(location.href);
  expect((await redirect.finish()).returnTo).toBe('/orders');
  await server.revokeAccessTokens();
  sent.length = 0;
  const response = await auth.fetch('/orders', { method: 'POST', body: 'one lamp' });
  expect([response.status, await response.text()]).toEqual([200, 'one lamp']);
  expect(sent).toEqual([`POST ${API}/orders`, `POST ${ISSUER}${PATHS.token}`, `POST ${API}/orders`]);
});
