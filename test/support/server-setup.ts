import { createAuthClient, type AuthClient, type AuthClientConfig } from 'unexpired/core';
import type { Sessions, SessionsConfig } from 'unexpired/server';
import { createCookieJar, type CookieJar } from 'unexpired/testing';
import { serverSignIn, viaServer, type ViaServerProtocol } from 'unexpired/via-server';
import { createInstances, type Instances } from '../server/support/instances.ts';
import type { Exchange, Tab, TabOptions } from './world.ts';

const APP = 'https://app.bonfire.test';

/** Tabs of one browser, and the two instances of a server that keeps their session. */
export interface ServerSetup extends Instances {
  readonly protocol: ViaServerProtocol;
  readonly jar: CookieJar;
  sessions: readonly Sessions[];
  /** Closes all instances and starts others, as a deploy does. */
  readonly restart: () => Promise<void>;
  readonly open: (config?: Partial<AuthClientConfig>, options?: TabOptions) => { readonly tab: Tab; readonly auth: AuthClient };
  readonly signIn: (auth: AuthClient, user?: string) => Promise<void>;
  /** Signs a user in on a page of the server, without any client. */
  readonly signInByServer: (user?: string) => Promise<void>;
  /** The requests of the tabs to the handler so far, such as `['session 200']`. */
  readonly asked: () => string[];
  /** The requests of all tabs to the proxy. */
  readonly calls: () => readonly Exchange[];
  /** Sends a request with the cookies of the browser, as a page does without its client. */
  readonly send: (path: string, init?: RequestInit) => Promise<Response>;
  /** The answer of the server to the next requests of the tabs; `null` lets an instance answer. */
  answer: ((request: Request) => Response | null) | null;
}

/** The instances share a store. Requests go to one and the other in turn. */
export function createServerSetup(place: 'server' | 'page' = 'server', config: Partial<SessionsConfig> = {}): ServerSetup {
  const instances = createInstances();
  const { world, start, server } = instances;
  const signIn = async (request: Request) => {
    const { user } = (await request.json()) as { user: string };
    return server.grant(user);
  };
  const startBoth = () => [1, 2].map(() => start({ signIn, ...(place === 'page' ? { tokens: 'page' } : { proxy: { '/api': { to: 'https://api.example.com/v1' } } }), ...config }));
  const jar = (world.jar = createCookieJar((request) => handle(request), { page: `${APP}/`, now: world.now }));
  const exchanges = new Set<Exchange>();
  let turn = 0;

  function handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const own = setup.answer?.(request);
    if (own) return Promise.resolve(own);
    const instance = setup.sessions[turn++ % setup.sessions.length]!;
    return pathname.startsWith('/auth/') ? instance.handler(request) : instance.proxy(request);
  }

  world.inWorld = (request) => (request.url.startsWith(`${APP}/`) ? handle(request) : null);
  world.onExchange = (exchange) => void exchanges.add(exchange);
  const protocol = place === 'page' ? viaServer({ tokens: 'page', baseUrl: 'https://api.example.com/v1' }) : viaServer();
  const to = (path: string) => [...exchanges].filter(({ url }) => url.startsWith(APP + path));
  const setup: ServerSetup = {
    ...instances,
    protocol,
    jar,
    sessions: startBoth(),
    async restart() {
      const former = setup.sessions;
      setup.sessions = startBoth();
      await world.until(Promise.all(former.map((instance) => instance.close())));
    },
    answer: null,
    open(own = {}, options = {}) {
      const tab = world.openTab(options);
      return { tab, auth: createAuthClient({ protocol, storage: tab.platform.storage, platform: tab.platform, ...own }) };
    },
    async signIn(auth, user = 'ann') {
      await world.until(auth.signIn(serverSignIn(protocol, { user })));
    },
    async signInByServer(user = 'ann') {
      await world.until(setup.send('/auth/sign-in', { method: 'POST', headers: { 'x-csrf': '1' }, body: JSON.stringify({ user }) }));
    },
    async send(path, init) {
      const request = new Request(APP + path, init);
      jar.attach(request);
      const response = await handle(request);
      jar.store(request, response);
      return response;
    },
    asked: () => to('/auth/').map(({ url, status }) => `${url.slice(`${APP}/auth/`.length)} ${status}`),
    calls: () => to('/api/'),
  };
  return setup;
}
