import type { AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

const OF_CINDER = { accessToken: 'of-cinder', refreshToken: 'r', expiresAt: null, scopes: [] };
const sentAsCinder = () => setup.api.calls.filter((call) => JSON.stringify(call).includes('of-cinder'));

/** Makes an interceptor hold the calls of a client until the returned function is called. */
function holdCalls(auth: AuthClient): () => void {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  auth.intercept(async (request, next) => {
    await released;
    return next(request);
  });
  return release;
}

describe('a client', () => {
  it('does not send a call as another user who signs in while the page loads', async () => {
    const first = await setup.openSignedIn();
    first.tab.kill();
    await setup.world.advance(LIFETIME_MS * 2);
    const [page, other] = [setup.open(), setup.open()];
    other.auth.subscribe(() => undefined);
    setup.world.latencyMs = 3000;
    const call = rejection(page.auth.fetch('/users/me/posts', { method: 'POST', body: '{"text":"by ember"}' }));
    await setup.world.advance(100);
    await setup.world.until(other.auth.signIn(OF_CINDER));
    expect(await setup.world.until(call)).toMatchObject({ code: 'session_changed' });
    expect(sentAsCinder()).toEqual([]);
  });

  it('does not return the token of another user who signs in while getAccessToken waits', async () => {
    const [first, second] = [await setup.openSignedIn(), setup.open()];
    setup.world.latencyMs = 3000;
    void first.auth.refresh().catch(() => undefined);
    await setup.world.advance(10);
    setup.world.skewMs = LIFETIME_MS * 2;
    const requested = rejection(first.auth.getAccessToken());
    await setup.world.until(second.auth.signIn(OF_CINDER));
    expect(await setup.world.until(requested)).toMatchObject({ code: 'session_changed' });
  });

  it('does not send a call as another user who signs in while an interceptor waits', async () => {
    const { auth } = await setup.openSignedIn();
    const release = holdCalls(auth);
    const call = rejection(auth.fetch('/users/me/posts', { method: 'POST', body: '{}' }));
    await setup.world.until(auth.signIn(OF_CINDER));
    release();
    expect(await setup.world.until(call)).toMatchObject({ code: 'session_changed' });
    expect(sentAsCinder()).toEqual([]);
  });

  it('does not send a call as another user who signs in after the page has loaded, while an interceptor waits', async () => {
    const first = await setup.openSignedIn();
    const page = setup.open();
    const release = holdCalls(page.auth);
    const call = rejection(page.auth.fetch('/users/me/posts', { method: 'POST', body: '{"text":"by ember"}' }));
    await setup.world.advance(100);
    expect(page.auth.getSnapshot().status).toBe('signedIn');
    await setup.world.until(first.auth.signIn(OF_CINDER));
    await setup.world.advance(100);
    release();
    expect(await setup.world.until(call)).toMatchObject({ code: 'session_changed' });
    expect(sentAsCinder()).toEqual([]);
  });
});
