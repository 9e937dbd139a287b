import { inCookie, type RefreshCookieOptions } from 'unexpired/core';
import { bonfire } from 'unexpired/bonfire';
import { createCookieJar, type BonfireApiOptions, type CookieJar } from 'unexpired/testing';
import { BASE_URL, createSetup, type Setup } from './setup.ts';
import type { Exchange } from './world.ts';

/** A {@link Setup} whose API keeps the refresh token in a cookie. All tabs share one jar. */
export interface CookieSetup extends Setup {
  readonly jar: CookieJar;
  /** How many token requests are in flight at most, over all tabs, up to now. A request of a closed tab counts until it has an answer. */
  readonly mostInFlight: () => number;
  /** The paths of the token requests so far, with the status of their answers, such as `['/oauth 200']`. */
  readonly tokenRequests: () => string[];
  /** Advances time until a token request to this path is sent. */
  readonly sent: (path: string) => Promise<void>;
}

export function createCookieSetup(options: Partial<BonfireApiOptions> = {}, cookie: RefreshCookieOptions = {}): CookieSetup {
  const setup = createSetup({ refreshToken: 'cookie', ...options });
  const { world } = setup;
  const jar = (world.jar = createCookieJar(setup.api.fetch, { page: 'https://app.bonfire.test/', now: world.now }));
  const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key', refreshToken: inCookie(cookie), signOutPath: '/sign-out' });
  const exchanges = new Set<Exchange>();
  const waiting = new Set<(exchange: Exchange) => void>();
  let most = 0;
  world.onExchange = (exchange) => {
    if (!pathOf(exchange).startsWith('/oauth')) return;
    exchanges.add(exchange);
    most = Math.max(most, [...exchanges].filter(({ isDone }) => !isDone).length);
    for (const check of [...waiting]) check(exchange);
  };
  return {
    ...setup,
    protocol,
    jar,
    open: (own = {}, tabOptions = {}) => setup.open({ protocol, ...own }, tabOptions),
    async openSignedIn() {
      const opened = setup.open({ protocol });
      await setup.signIn(opened.auth);
      return opened;
    },
    mostInFlight: () => most,
    tokenRequests: () => [...exchanges].map((exchange) => `${pathOf(exchange)} ${exchange.status}`),
    sent: (path) => world.until(new Promise((resolve) => {
      const check = (exchange: Exchange) => {
        if (pathOf(exchange) !== path || exchange.phase !== 'out') return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
    })),
  };
}

function pathOf({ url }: Exchange): string {
  return url.slice(BASE_URL.length);
}
