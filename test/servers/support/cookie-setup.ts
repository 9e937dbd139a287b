import * as oauth from 'oauth4webapi';
import { vi } from 'vitest';
import { classifyFailure, createAuthClient, defineGrant, inCookie, type AuthClient, type AuthClientConfig } from 'unexpired/core';
import { fromTokenResponse, oauth2 } from 'unexpired/oauth2';
import { createCookieJar, type CookieJar } from 'unexpired/testing';
import { createWorld, type Exchange, type Tab, type World } from '../../support/world.ts';
import { API, APP, CLIENT_ID, ISSUER, PATHS, REDIRECT_URI, type AuthorizationServer } from './authorization-server.ts';
import { HANDLER, REFRESH_COOKIE, startCookieHandler, type HandlerSettings } from './cookie-handler.ts';
import { createNetwork } from './network.ts';
import { startResourceApi } from './resource-api.ts';

const TOKEN = `${HANDLER}/session/token`;
const SIGN_OUT = `${HANDLER}/session/sign-out`;

/** The tabs of a browser with one cookie jar in simulated time, and real servers on the same clock. */
export interface CookieSetup {
  readonly server: AuthorizationServer;
  readonly settings: HandlerSettings;
  readonly world: World;
  readonly jar: CookieJar;
  /** Opens a tab with a client of its own; all share one session. */
  readonly open: (config?: Partial<AuthClientConfig>) => { readonly tab: Tab; readonly auth: AuthClient };
  /** Signs a client in by redirect. The handler gets the tokens for the code. */
  readonly signIn: (auth: AuthClient, user?: string) => Promise<void>;
  /** Signs in on a page of the handler, which has no client. */
  readonly signInByServer: (user?: string) => Promise<void>;
  /** Sends a refresh token without a client, as a thief would, and returns the status. */
  readonly present: (refreshToken: string) => Promise<number>;
  /** The refresh token in the jar; `undefined` if there is none. */
  readonly held: () => string | undefined;
  /** The token requests so far, in the order in which they were sent, with the status of their answers, such as `['refresh 200']`. */
  readonly tokenRequests: () => string[];
  /** How many token requests were in flight at most, over all tabs. */
  readonly mostInFlight: () => number;
  /** The status of the API's answers. */
  readonly answers: () => (number | null)[];
  readonly close: () => Promise<void>;
}

export async function setUpCookies(start: () => Promise<AuthorizationServer>): Promise<CookieSetup> {
  const server = await start();
  const [handler, api] = await Promise.all([startCookieHandler(server.origin), startResourceApi(server)]);
  const world = createWorld((request) => network.fetch(request));
  const network = createNetwork({ [ISSUER]: server.origin, [API]: api.origin, [HANDLER]: handler.origin }, world.now);
  const jar = (world.jar = createCookieJar((request) => network.fetch(request), { page: `${APP}/`, now: world.now }));
  vi.useFakeTimers({ toFake: ['Date'], now: world.now() });

  const sent = new Set<Exchange>();
  const atHandler = () => [...sent].filter(({ url }) => url.startsWith(HANDLER));
  let mostInFlight = 0;
  world.onExchange = (exchange) => {
    sent.add(exchange);
    mostInFlight = Math.max(mostInFlight, atHandler().filter(({ isDone }) => !isDone).length);
  };

  const protocol = oauth2({ tokenEndpoint: TOKEN, signOutEndpoint: SIGN_OUT, clientId: CLIENT_ID, resourceOrigins: [API], refreshToken: inCookie(), keep: ['id_token'] });

  /** Logs a user in at the authorization server, and returns the body of the token request. */
  async function codeOf(user: string): Promise<string> {
    const verifier = oauth.generateRandomCodeVerifier();
    const challenge = { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
    const request = { client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid offline_access', prompt: 'consent', login_hint: user };
    const callback = new URL(await network.navigate(`${ISSUER}${PATHS.authorization}?${new URLSearchParams({ ...request, ...challenge })}`));
    const code = callback.searchParams.get('code') ?? '';
    return new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: verifier }).toString();
  }

  return {
    server, world, jar,
    settings: handler.settings,
    open(config = {}) {
      const tab = world.openTab();
      return { tab, auth: createAuthClient({ protocol, storage: tab.platform.storage, platform: tab.platform, ...config }) };
    },
    async signIn(auth, user = 'ada') {
      const request = { url: TOKEN, method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: await codeOf(user) } as const;
      await world.until(auth.signIn(defineGrant({
        request,
        read: (answer) => (answer.status === 200 ? { kind: 'granted', tokens: { user: fromTokenResponse(JSON.parse(answer.body), answer.now, protocol.keep) } } : classifyFailure(answer)),
      })));
    },
    async signInByServer(user = 'ada') {
      const response = await jar.fetch(TOKEN, { method: 'POST', credentials: 'include', headers: { 'x-csrf': '1' }, body: new URLSearchParams(await codeOf(user)) });
      if (!response.ok) throw new Error(await response.text());
    },
    async present(refreshToken) {
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: CLIENT_ID });
      return (await network.fetch(new Request(ISSUER + PATHS.token, { method: 'POST', body }))).status;
    },
    held: () => jar.cookies.find(({ name }) => name === REFRESH_COOKIE)?.value,
    tokenRequests: () => atHandler().map(({ url, body, status }) => `${nameOf(url, body)} ${status}`),
    mostInFlight: () => mostInFlight,
    answers: () => [...sent].filter(({ url }) => url.startsWith(API)).map(({ status }) => status),
    async close() {
      vi.useRealTimers();
      await Promise.all([handler.close(), server.close(), api.close()]);
    },
  };
}

function nameOf(url: string, body: string | null): string {
  if (url === SIGN_OUT) return 'sign-out';
  return body?.includes('grant_type=refresh_token') ? 'refresh' : 'code';
}
