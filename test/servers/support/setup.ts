import { vi } from 'vitest';
import { createAuthClient, type AuthClient } from 'unexpired/core';
import { oauth2, type OAuth2Config } from 'unexpired/oauth2';
import { createRedirectSignIn } from 'unexpired/redirect';
import type { Listening } from '../../browsers/server/listening.ts';
import { createWorld, type Exchange, type Tab, type World } from '../../support/world.ts';
import { API, CLIENT_ID, ISSUER, PATHS, type AuthorizationServer } from './authorization-server.ts';
import { startResourceApi } from './resource-api.ts';
import { createNetwork, type Network } from './network.ts';
import { createWindow } from './window.ts';

/** The work of WebCrypto that pages wait for. */
const WORK = ['digest', 'sign', 'generateKey', 'exportKey'] as const;
const work = WORK.map((name) => crypto.subtle[name].bind(crypto.subtle) as (...input: unknown[]) => Promise<unknown>); // Taken before any test replaces it.

/** The tabs of a browser in simulated time, and real servers on the same clock. */
export interface Setup {
  readonly server: AuthorizationServer;
  readonly world: World;
  readonly network: Network;
  /** Opens a tab with a client of its own; all share one session. */
  readonly open: (config?: Partial<OAuth2Config>) => { readonly tab: Tab; readonly auth: AuthClient };
  /** Signs in by redirect. `forge` may change the address of the redirect back. */
  readonly signIn: (opened: { readonly tab: Tab; readonly auth: AuthClient }, forge?: (url: string) => string) => Promise<void>;
  /** Sends a refresh token without a client, as a thief would. */
  readonly present: (refreshToken: string) => Promise<{ readonly status: number; readonly error: unknown }>;
  /** The status of the token endpoint's answers to refreshes, in the order in which they were sent. */
  readonly refreshes: () => (number | null)[];
  /** The refresh tokens in those answers. */
  readonly rotatedTo: () => string[];
  /** The status of the API's answers. */
  readonly answers: () => (number | null)[];
  readonly close: () => Promise<void>;
}

/** Lets simulated time stand still while WebCrypto works, because that happens in another thread. */
function waitForCrypto(world: World): void {
  for (const [index, name] of WORK.entries()) vi.spyOn(crypto.subtle, name).mockImplementation(((...input: unknown[]) => world.working(work[index]!(...input))) as never);
}

/** Further APIs by their origins, and the resources that a sign-in asks for. */
export interface FurtherApis<Server extends AuthorizationServer> {
  readonly start: (server: Server) => Promise<Readonly<Record<string, Listening>>>;
  readonly resource: readonly string[];
}

/** Starts a server and an API, and the browser in front of them. */
export async function setUp<Server extends AuthorizationServer>(start: () => Promise<Server>, startApi: (server: Server) => Promise<Listening> = startResourceApi, further?: FurtherApis<Server>): Promise<Setup> {
  const server = await start();
  const api = await startApi(server);
  const apis = (await further?.start(server)) ?? {};
  const world = createWorld((request) => network.fetch(request));
  const network = createNetwork({ [ISSUER]: server.origin, [API]: api.origin, ...Object.fromEntries(Object.entries(apis).map(([origin, listening]) => [origin, listening.origin])) }, world.now);
  vi.useFakeTimers({ toFake: ['Date'], now: world.now() });
  waitForCrypto(world);

  const sent = new Set<Exchange>();
  world.onExchange = (exchange) => void sent.add(exchange);
  const refreshes = () => [...sent].filter(({ body }) => body?.includes('grant_type=refresh_token'));

  const config: OAuth2Config = {
    tokenEndpoint: ISSUER + PATHS.token,
    revocationEndpoint: ISSUER + PATHS.revocation,
    clientId: CLIENT_ID,
    resourceOrigins: [API],
  };

  return {
    server,
    world,
    network,
    open(changes) {
      const tab = world.openTab();
      return { tab, auth: createAuthClient({ protocol: oauth2({ ...config, ...changes }), storage: tab.platform.storage, platform: tab.platform }) };
    },
    async signIn({ tab: { platform: { storage } }, auth }, forge = (url) => url) {
      const window = createWindow();
      const endpoints = { authorizationEndpoint: ISSUER + PATHS.authorization, tokenEndpoint: ISSUER + PATHS.token };
      const redirect = createRedirectSignIn(auth, { issuer: ISSUER, endpoints, clientId: CLIENT_ID, redirectUri: '/callback', scope: server.scope, parameters: { prompt: 'consent' }, resource: further?.resource, storage, window });
      await world.until(redirect.start());
      window.at = forge(await network.navigate(window.at));
      await world.until(redirect.finish());
    },
    async present(refreshToken) {
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: CLIENT_ID });
      const response = await network.fetch(new Request(ISSUER + PATHS.token, { method: 'POST', body }));
      return { status: response.status, error: ((await response.json()) as { error?: string }).error };
    },
    refreshes: () => refreshes().map(({ status }) => status),
    rotatedTo: () => refreshes().flatMap(({ status, answer }) => (status === 200 ? [(JSON.parse(answer ?? '') as { refresh_token: string }).refresh_token] : [])),
    answers: () => [...sent].filter(({ url }) => url.startsWith(API)).map(({ status }) => status),
    async close() {
      vi.restoreAllMocks();
      vi.useRealTimers();
      await Promise.all([server, api, ...Object.values(apis)].map((listening) => listening.close()));
    },
  };
}
