import { inCookie } from 'unexpired/core';
import fc from 'fast-check';
import { bonfire } from 'unexpired/bonfire';
import { createCookieJar } from 'unexpired/testing';
import { BASE_URL, createSetup, type Setup } from '../support/setup.ts';
import type { Scenario } from './scenario.ts';

/** Where the refresh token of a world is, and how its users begin. */
export interface TokenPlace {
  readonly refreshToken: 'page' | 'cookie';
  /** Whether a cookie that pages can read shows that there is a session. Only for cookies. */
  readonly hasHint: boolean;
  /** The user signs in on a page, has signed in on a page of the server before, or does not sign in at first. */
  readonly start: 'onPage' | 'byServer' | 'visitor';
}

const ON_PAGE: TokenPlace = { refreshToken: 'page', hasHint: false, start: 'onPage' };

const anyPagePlace = fc.constant(ON_PAGE);

const anyCookiePlace: fc.Arbitrary<TokenPlace> = fc.record({
  refreshToken: fc.constant('cookie'),
  hasHint: fc.boolean(),
  start: fc.constantFrom('onPage', 'onPage', 'byServer', 'visitor'),
});

/** Draws a place; only those with the refresh token on the page or in a cookie, if that is demanded. */
export function placeArbitrary(refreshToken?: TokenPlace['refreshToken']): fc.Arbitrary<TokenPlace> {
  if (refreshToken === 'page') return anyPagePlace;
  return refreshToken === 'cookie' ? anyCookiePlace : fc.oneof(anyPagePlace, anyCookiePlace);
}

/** Whether the refresh token of a world is in a cookie. */
export function isInCookie({ place }: Scenario): boolean {
  return place.refreshToken === 'cookie';
}

/** The name of the cookie that pages can read. */
const HINT = 'signed_in';

/** Creates the API and the browser of a scenario. */
export function createScenarioSetup({ lifetimeMs, hasGracePeriod, place }: Scenario): Setup {
  if (place.refreshToken === 'page') return createSetup({ accessTokenLifetimeMs: lifetimeMs, reuseGraceMs: hasGracePeriod ? 1e12 : 0 });
  const hintCookie = place.hasHint ? HINT : null;
  const setup = createSetup({ accessTokenLifetimeMs: lifetimeMs, refreshToken: 'cookie', cookie: { hintCookie, readableDomain: 'bonfire.test' } });
  setup.world.jar = createCookieJar(setup.api.fetch, { page: 'https://app.bonfire.test/', now: setup.world.now });
  const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key', refreshToken: inCookie({ hintCookie: hintCookie ?? undefined }), signOutPath: '/sign-out' });
  return { ...setup, protocol, open: (config = {}, options = {}) => setup.open({ protocol, ...config }, options) };
}

/** Signs a bot in on a page of the server: the browser gets another cookie, and no page of the client is involved. */
export async function signInByServer({ world }: Setup, bot: string): Promise<void> {
  await world.jar?.fetch(`${BASE_URL}/oauth/bots`, {
    method: 'POST',
    credentials: 'include',
    headers: { authorization: 'Bearer app-key', 'x-csrf': '1' },
    body: new URLSearchParams({ grant_type: 'client_credentials', bots: JSON.stringify([bot]) }),
  });
}
