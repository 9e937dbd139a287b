import { expect, it } from 'vitest';
import { ROUNDS, type Setup } from '../support/engine-setup.ts';
import { leakedPieces } from '../support/token-search.ts';
import { sumOf } from '../support/result.ts';
import type { BrowserProfile, ProfileOptions } from '../support/browser-profile.ts';
import { expectOneRefreshAfterExpiry, expectOneRefreshAfterRevocation, TABS } from './burst.ts';

const CALLS = 20;

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

  it('8 tabs that keep their access tokens in memory refresh one after the other with their cookie, and every call is answered', async () => {
    setUpCookies(setup);
    const profile = await setup.openTabs(TABS, { ...WITH_COOKIE, accessToken: 'memory' });
    await profile.signIn();
    await burstInAllTabs(profile, 'first', 1); // Each tab has a token of its own then.
    const before = setup.api.api.counts;
    setup.api.api.revokeAccessTokens();
    const answers = await burstInAllTabs(profile, 'revoked', CALLS);
    const { refreshes, reuses, maxConcurrentRefreshes } = setup.api.api.counts;
    const round = { refreshes: refreshes - before.refreshes, reuses, answers, calls: TABS * CALLS, lived: setup.api.api.sessions.at(-1)?.alive === true };
    setup.record(sumOf(setup.title, 'cookie: revoked, access tokens in memory', [round], 'one refresh for each tab'));
    expect({ ...round, maxConcurrentRefreshes }).toEqual({ refreshes: TABS, reuses: 0, answers: TABS * CALLS, calls: TABS * CALLS, lived: true, maxConcurrentRefreshes: 1 });
    for (const stored of await profile.askAll((tab) => tab.ask('storedText'))) expect(leakedPieces(setup.api.tokens, [stored])).toEqual([]);
  });
}

/** Makes calls in all tabs at the same time, and returns how many were answered. */
async function burstInAllTabs(profile: BrowserProfile, name: string, calls: number): Promise<number> {
  await profile.first.ask('runInAllTabs', [{ kind: 'burst', name, calls }], profile.tabs.length - 1);
  const outcomes = await profile.askAll((tab) => tab.ask('burstOutcome', name));
  await profile.first.ask('untilUnlocked');
  return outcomes.reduce((sum, { answered }) => sum + answered, 0);
}

async function expectCookieOnlyAtTokenEndpoint({ api, openTabs }: Setup): Promise<void> {
  const { calls } = api.api;
  expect(calls.filter(({ endpoint }) => endpoint === 'refresh')).toMatchObject([{ cookies: ['bonfire_refresh'] }]);
  expect(calls.filter(({ endpoint, cookies }) => endpoint === 'me' && cookies !== undefined)).toEqual([]);
  const profile = await openTabs(TABS, WITH_COOKIE);
  expect(api.cookieTokens.size).toBeGreaterThan(1);
  for (const stored of await profile.askAll((tab) => tab.ask('storedText'))) expect(leakedRefreshTokens(api.cookieTokens, stored)).toEqual([]);
}

/** Access tokens and refresh tokens begin with the same header, so only what follows it counts. */
function leakedRefreshTokens(tokens: ReadonlySet<string>, text: string): string[] {
  const bodies = [...tokens].map((token) => token.split('.').slice(2).join('.'));
  return leakedPieces(bodies, [text]);
}
