import { createBotTokens } from 'unexpired/bonfire';
import { restoreSession } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { rejection } from '../support/setup.ts';

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup();
});

async function signInByServer(bot = 'ember'): Promise<void> {
  await setup.jar.fetch('https://api.bonfire.test/v1/oauth/bots', {
    method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' },
    body: new URLSearchParams({ grant_type: 'client_credentials', bots: JSON.stringify([bot]) }),
  });
}

describe('after a sign-out of a protocol that cannot remove the cookie', () => {
  it('restoreSession() restores the session of a later sign-in by the server', async () => {
    const { revokeRequest: _, ...protocol } = setup.protocol;
    const { auth } = setup.open({ protocol });
    await setup.signIn(auth);
    await setup.world.until(auth.signOut());
    await signInByServer('cinder');
    expect(await setup.world.until(restoreSession(auth))).toMatchObject({ status: 'signedIn' });
  });
});

it('a sign-out that got no answer is kept by an open tab, if storage is cleared and another page finds it empty', async () => {
  const { auth } = await setup.openSignedIn();
  setup.world.faultOf = ({ url }) => (url.endsWith('/sign-out') ? 'dropBefore' : 'none');
  await setup.world.until(auth.signOut());
  await setup.world.advance(1000);
  setup.world.storage.values.clear();
  setup.world.latencyMs = 500;
  const next = setup.open();
  await setup.world.until(next.auth.ready());
  await setup.world.advance(5000);
  expect(next.auth.getSnapshot().status).toBe('signedOut');
  expect(auth.getSnapshot().status).toBe('signedOut');
});

it('a client that is disposed while its sign-in waits for its turn sends no grant', async () => {
  setup.world.latencyMs = 2000;
  const { auth } = setup.open();
  void auth.ready().catch(() => undefined);
  await setup.sent('/oauth');
  const failed = rejection(auth.signIn(createBotTokens(setup.protocol, ['ember'])));
  await setup.world.advance(100);
  auth.dispose();
  expect(await setup.world.until(failed)).toMatchObject({ code: 'disposed' });
  await setup.world.advance(5000);
  expect(setup.tokenRequests()).toEqual(['/oauth 401']);
});

it('a tab that signs out twice during a slow refresh sends one request at a time', async () => {
  const { auth } = await setup.openSignedIn();
  setup.world.lateMs = 32_500;
  setup.faultRefreshes('late');
  void auth.refresh().catch(() => undefined);
  await setup.sent('/oauth');
  void auth.signOut();
  await setup.world.advance(2000);
  void auth.signOut();
  await setup.world.advance(28_000);
  setup.world.latencyMs = 9000;
  await setup.world.advance(60_000);
  expect(setup.mostInFlight()).toBe(1);
  expect(setup.tokenRequests().at(-1)).toBe('/oauth/sign-out 204');
});

it.each([['another', 36_000], ['the same', 72_000]])('a sign-in that does not settle lets %s tab send its request after %i ms', async (which, waitMs) => {
  const { auth } = await setup.openSignedIn();
  const other = setup.open();
  await setup.world.until(other.auth.ready());
  await setup.world.advance(10);
  void auth.signIn(() => new Promise(() => undefined));
  await setup.world.advance(1);
  const before = setup.tokenRequests().length;
  void (which === 'another' ? other.auth : auth).refresh().catch(() => undefined);
  await setup.world.advance(waitMs - 1);
  expect(setup.tokenRequests()).toHaveLength(before);
  await setup.world.advance(9000); // It also waits for an answer that may set the cookie.
  expect(setup.tokenRequests()).toHaveLength(before + 1);
});

describe('a page without Web Locks', () => {
  it('sends a sign-in after the refresh in flight, and a refresh after the sign-in in flight', async () => {
    setup.world.latencyMs = 1000;
    const tab = setup.world.openTab();
    const { auth } = setup.open({ platform: { ...tab.platform, locks: null } as never });
    void auth.ready().catch(() => undefined);
    await setup.sent('/oauth');
    await setup.world.until(auth.signIn(createBotTokens(setup.protocol, ['ember'])));
    expect(setup.mostInFlight()).toBe(1);
    const again = auth.signIn(createBotTokens(setup.protocol, ['ember']));
    await setup.sent('/oauth/bots');
    await setup.world.until(Promise.allSettled([again, auth.refresh()]));
    expect(setup.mostInFlight()).toBe(1);
  });
});

it.each([true, false])('a tab that was frozen before its refresh was sent sends no sign-in beside it when it resumes (Web Locks: %s)', async (hasLocks) => {
  const { world } = setup;
  const { tab, auth } = setup.open({}, { hasLocks });
  await setup.signIn(auth);
  world.latencyMs = 1000;
  const settled = Promise.allSettled([auth.refresh(), auth.signIn(createBotTokens(setup.protocol, ['cinder']))]);
  await world.advance(3); // The refresh has its turn, and waits for storage.
  tab.process.freeze();
  await world.advance(100_000);
  tab.process.thaw();
  await world.until(settled);
  expect(setup.mostInFlight()).toBe(1);
});
