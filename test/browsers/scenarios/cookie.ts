import { expect, it } from 'vitest';
import { ROUNDS, type Setup } from '../support/engine-setup.ts';
import { leakedPieces } from '../support/token-search.ts';
import type { ProfileOptions } from '../support/browser-profile.ts';
import { expectOneRefreshAfterExpiry, expectOneRefreshAfterRevocation } from './burst.ts';

/** Pages whose refresh token is in a cookie of the API. */
export const WITH_COOKIE: ProfileOptions = { refreshToken: 'cookie' };

/** Lets the API keep refresh tokens in a cookie, with one-time rotation and no grace period. */
export function setUpCookies({ name, api }: Setup): void {
  // WebKitGTK stores no `Secure` cookie over HTTP, not even from this machine.
  api.renew({ refreshToken: 'cookie', reuseGraceMs: 0, cookie: { secure: name !== 'webkit' } });
}

/** Tabs that share one cookie jar. */
export function describeCookieBursts(setup: Setup): void {
  it('8 tabs that make 20 calls each on an expired token refresh once with their cookie, and no call is rejected', async () => {
    setUpCookies(setup);
    await expectOneRefreshAfterExpiry(setup, 'cookie: burst on an expired token', ROUNDS, WITH_COOKIE);
    await expectCookieOnlyAtTokenEndpoint(setup);
  });

  it('8 tabs that make 20 calls each on a revoked token refresh once with their cookie, and every call is answered', async () => {
    setUpCookies(setup);
    await expectOneRefreshAfterRevocation(setup, 'cookie: burst on a revoked token', ROUNDS, WITH_COOKIE);
    await expectCookieOnlyAtTokenEndpoint(setup);
  });
}

async function expectCookieOnlyAtTokenEndpoint({ api, openTabs }: Setup): Promise<void> {
  const { calls } = api.api;
  expect(calls.filter(({ endpoint }) => endpoint === 'refresh')).toMatchObject([{ cookies: ['bonfire_refresh'] }]);
  expect(calls.filter(({ endpoint, cookies }) => endpoint === 'me' && cookies !== undefined)).toEqual([]);
  const profile = await openTabs(8, WITH_COOKIE);
  expect(api.cookieTokens.size).toBeGreaterThan(1);
  for (const stored of await profile.askAll((tab) => tab.ask('storedText'))) expect(leakedRefreshTokens(api.cookieTokens, stored)).toEqual([]);
}

/** Access tokens and refresh tokens begin with the same header, so only what follows it counts. */
function leakedRefreshTokens(tokens: ReadonlySet<string>, text: string): string[] {
  const bodies = [...tokens].map((token) => token.split('.').slice(2).join('.'));
  return leakedPieces(bodies, [text]);
}
