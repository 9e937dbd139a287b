import { createBotTokens } from 'unexpired/bonfire';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { LIFETIME_MS, rejection } from '../support/setup.ts';

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup();
});

/** Opens tabs that are signed in and have the same expired token. */
async function expired(count: number) {
  const first = await setup.openSignedIn();
  const tabs = [first, ...Array.from({ length: count - 1 }, () => setup.open())];
  for (const { auth } of tabs) await setup.world.until(auth.ready());
  await setup.world.advance(10); // The turn of the sign-in ends, so that the first tab asks first.
  await setup.world.sleep(LIFETIME_MS * 2);
  return tabs;
}

describe('with the refresh token in a cookie', () => {
  it('8 tabs with 20 calls each and an expired token cost one refresh, and the cookie is rotated once', async () => {
    const tabs = await expired(8);
    const calls = tabs.flatMap(({ auth }) => Array.from({ length: 20 }, () => auth.fetch('/users/me')));
    const statuses = (await setup.world.until(Promise.all(calls))).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0, maxConcurrentRefreshes: 1 });
  });

  it('no storage and no script ever has the refresh token', async () => {
    const { auth } = await setup.openSignedIn();
    await setup.world.until(auth.refresh());
    expect(auth.getSnapshot().tokens?.refreshToken).toEqual({ in: 'cookie' });
    const { value } = setup.jar.cookies[0]!;
    expect(setup.storedText()).not.toContain(value);
    expect(JSON.stringify(auth.getSnapshot())).not.toContain(value);
  });

  it('a session is refreshed before its token expires, again and again', async () => {
    const { auth } = await setup.openSignedIn();
    await setup.world.advance(LIFETIME_MS * 5);
    expect(auth.getSnapshot().status).toBe('signedIn');
    expect(setup.api.counts.refreshes).toBeGreaterThan(3);
    expect(setup.api.counts.reuses).toBe(0);
  });

  it('a session ends if the API does not accept its cookie any more', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.endSession({}, 451);
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
  });

  it.each(['refuse', 'empty'] as const)('a session ends if its cookie is gone and the API answers `%s`', async (withoutCookie) => {
    setup.api.configure({ cookie: { withoutCookie } });
    const { auth } = await setup.openSignedIn();
    setup.jar.clear();
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'session_ended', endReason: 'refresh_token_invalid' });
  });

  it('a session stays if the API refuses the anti-CSRF header', async () => {
    const { auth } = await setup.openSignedIn();
    setup.api.configure({ cookie: { csrfHeader: { name: 'x-other', value: '1' } } });
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'refresh_unavailable' });
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('a sign-in by a grant waits for the refresh in flight, so that its cookie is the last one', async () => {
    setup.world.latencyMs = 500;
    const [first, second] = await expired(2);
    const call = first!.auth.fetch('/users/me');
    await setup.sent('/oauth');
    await setup.world.until(second!.auth.signIn(createBotTokens(setup.protocol, ['cinder'])));
    expect((await setup.world.until(call)).status).toBe(200);
    expect(setup.mostInFlight()).toBe(1);
    await setup.world.advance(100);
    await setup.world.until(first!.auth.refresh());
    expect(setup.api.calls.at(-1)).toMatchObject({ endpoint: 'refresh', botId: 'cinder', status: 200 });
  });

  it('a tab that takes over from a closed one waits for the answer to its request, which sets the next cookie', async () => {
    setup.world.latencyMs = 1000;
    const [first, second] = await expired(2);
    void first!.auth.fetch('/users/me');
    const call = second!.auth.fetch('/users/me');
    await setup.sent('/oauth');
    first!.tab.kill();
    expect((await setup.world.until(call)).status).toBe(200);
    expect(setup.mostInFlight()).toBe(1);
    expect(setup.api.counts).toMatchObject({ refreshes: 2, reuses: 0 });
  });

  it('a page whose protocol has no cookie leaves the session to the other tabs', async () => {
    const page = createCookieSetup().protocol;
    const { refreshCookie: _, ...protocol } = page;
    await setup.openSignedIn();
    const { auth } = setup.open({ protocol });
    await setup.world.until(auth.ready());
    expect(await setup.world.until(rejection(auth.refresh()))).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('cookie') });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { state: 'blocked' } });
    expect(setup.api.counts.refreshes).toBe(0);
  });
});

describe('the tokens of another user', () => {
  // claim: tokens-of-another-user
  it('start another session, and calls of the former user fail', async () => {
    const first = await setup.openSignedIn();
    const { sessionId } = first.auth.getSnapshot();
    // A page of the server has signed another user in, so the jar has another cookie.
    await setup.jar.fetch('https://api.bonfire.test/v1/oauth/bots', {
      method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' },
      body: new URLSearchParams({ grant_type: 'client_credentials', bots: '["cinder"]' }),
    });
    expect(await setup.world.until(rejection(first.auth.refresh()))).toMatchObject({ code: 'session_changed' });
    expect(first.auth.getSnapshot().status).toBe('signedIn');
    expect(first.auth.getSnapshot().sessionId).not.toBe(sessionId);
    expect((await setup.world.until(first.auth.fetch('/users/me'))).status).toBe(200);
  });
});
