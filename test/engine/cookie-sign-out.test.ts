import { createBotTokens } from 'unexpired/bonfire';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { LIFETIME_MS, rejection } from '../support/setup.ts';

const HINTED = { cookie: { hintCookie: 'signed_in', readableDomain: 'bonfire.test' } };

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup(HINTED, { hintCookie: 'signed_in' });
});

const failSignOut = (isFailing: boolean) => void (setup.world.faultOf = ({ url }) => (isFailing && url.endsWith('/sign-out') ? 'dropBefore' : 'none'));

describe('a sign-out with the refresh token in a cookie', () => {
  it('lets the API remove the cookie, without waiting for the answer', async () => {
    const { auth } = await setup.openSignedIn();
    setup.world.latencyMs = 1000;
    const startedAt = setup.world.now();
    await setup.world.until(auth.signOut());
    expect(setup.world.now() - startedAt).toBeLessThan(500);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    expect(setup.storedText()).toContain('clearing');
    await setup.world.advance(2000);
    expect(setup.jar.cookies).toEqual([]);
    expect(setup.storedText()).not.toContain('clearing');
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth/sign-out 204']);
  });

  it('that got no answer is repeated by the next page, which restores nothing', async () => {
    const { auth, tab } = await setup.openSignedIn();
    failSignOut(true);
    await setup.world.until(auth.signOut());
    await setup.world.advance(1000);
    expect(tab.warnings).toEqual([expect.stringContaining('could not be revoked')]);
    tab.kill();
    failSignOut(false);
    const next = setup.open();
    expect(await setup.world.until(next.auth.ready())).toMatchObject({ status: 'signedOut' });
    await setup.world.advance(1000);
    expect(setup.jar.cookies).toEqual([]);
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth/sign-out null', '/oauth/sign-out 204']);
    expect(setup.storedText()).not.toContain('clearing');
  });

  it('that failed without a network is repeated when the device is online', async () => {
    const { auth, tab } = await setup.openSignedIn();
    setup.world.online = false;
    await setup.world.until(auth.signOut());
    await setup.world.advance(1000);
    setup.world.online = true;
    tab.wake('online');
    await setup.world.advance(1000);
    expect(setup.jar.cookies).toEqual([]);
  });

  it('waits for a refresh in flight, so that its answer does not bring the cookie back', async () => {
    const { auth } = await setup.openSignedIn();
    const other = setup.open();
    await setup.world.until(other.auth.ready());
    setup.world.latencyMs = 3000;
    const refreshed = rejection(auth.refresh());
    await setup.sent('/oauth');
    await setup.world.until(other.auth.signOut());
    expect(other.auth.getSnapshot().status).toBe('signedOut');
    expect(await setup.world.until(refreshed)).toMatchObject({ code: 'session_changed' });
    await setup.world.advance(10_000);
    expect(setup.mostInFlight()).toBe(1);
    expect(setup.jar.cookies).toEqual([]);
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth 200', '/oauth/sign-out 204']);
  });

  it('comes right after the refresh in flight, not after the time that the request of a closed tab may take', async () => {
    const { auth } = await setup.openSignedIn();
    setup.world.latencyMs = 1000;
    const refreshed = rejection(auth.refresh());
    await setup.sent('/oauth');
    await setup.world.until(auth.signOut());
    await setup.world.until(refreshed);
    await setup.world.advance(2500);
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200', '/oauth 200', '/oauth/sign-out 204']);
  });

  it('waits for the refresh of a tab that was closed', async () => {
    const { auth, tab } = await setup.openSignedIn();
    const other = setup.open();
    await setup.world.until(other.auth.ready());
    setup.world.latencyMs = 3000;
    void auth.refresh().catch(() => undefined);
    await setup.sent('/oauth');
    tab.kill();
    await setup.world.until(other.auth.signOut());
    await setup.world.advance(20_000);
    expect(setup.mostInFlight()).toBe(1);
    expect(setup.jar.cookies).toEqual([]);
  });

  it('is not repeated after a later sign-in, whose cookie stays', async () => {
    const { auth } = await setup.openSignedIn();
    failSignOut(true);
    await setup.world.until(auth.signOut());
    await setup.world.advance(1000);
    failSignOut(false);
    await setup.world.until(auth.signIn(createBotTokens(setup.protocol, ['cinder'])));
    await setup.world.until(setup.open().auth.ready());
    await setup.world.until(auth.refresh());
    expect(setup.tokenRequests().filter((request) => request.includes('sign-out'))).toEqual(['/oauth/sign-out null']);
  });

  it('is not sent if a sign-in has come before it could be', async () => {
    setup.world.latencyMs = 1000;
    const { auth } = await setup.openSignedIn();
    const refreshed = rejection(auth.refresh());
    await setup.sent('/oauth');
    await setup.world.until(auth.signOut());
    const signedIn = auth.signIn({ accessToken: 'own', expiresAt: null, scopes: [] });
    await setup.world.until(Promise.all([refreshed, signedIn]));
    await setup.world.advance(LIFETIME_MS / 2);
    expect(setup.tokenRequests().some((request) => request.includes('sign-out'))).toBe(false);
  });

  it('during a restore wins over its answer', async () => {
    await setup.jar.fetch('https://api.bonfire.test/v1/oauth/bots', {
      method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' },
      body: new URLSearchParams({ grant_type: 'client_credentials', bots: '["ember"]' }),
    });
    setup.world.latencyMs = 1000;
    const { auth } = setup.open();
    void auth.ready();
    await setup.sent('/oauth');
    await setup.world.until(auth.signOut());
    await setup.world.advance(10_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
    expect(setup.jar.cookies).toEqual([]);
    expect(setup.mostInFlight()).toBe(1);
  });

  it('of a protocol that cannot remove the cookie restores nothing until the next sign-in', async () => {
    const { revokeRequest: _, ...protocol } = setup.protocol;
    const { auth } = setup.open({ protocol });
    await setup.signIn(auth);
    await setup.world.until(auth.signOut());
    const next = setup.open({ protocol });
    expect(await setup.world.until(next.auth.ready())).toMatchObject({ status: 'signedOut' });
    expect(setup.tokenRequests()).toEqual(['/oauth/bots 200']);
    await setup.signIn(next.auth);
    expect(setup.storedText()).not.toContain('clearing');
  });
});
