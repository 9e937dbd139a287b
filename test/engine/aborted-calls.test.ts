import type { AuthClient } from 'unexpired/core';
import { simulate } from 'unexpired/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
let auth: AuthClient;
beforeEach(async () => {
  setup = createSetup();
  ({ auth } = await setup.openSignedIn());
});

describe('a call that is aborted', () => {
  const reason = { own: 'reason' };

  it('before it is sent sends nothing, and rejects with the reason of its signal', async () => {
    expect(await setup.world.until(rejection(auth.fetch('/users/me', { signal: AbortSignal.abort(reason) })))).toBe(reason);
    expect(setup.answers('me')).toEqual([]);
  });

  it('while it waits for a refresh is not replayed, and rejects with the reason of its signal', async () => {
    const controller = new AbortController();
    setup.api.revokeAccessTokens();
    setup.world.latencyMs = 100;
    const aborted = rejection(auth.fetch('/users/me', { signal: controller.signal }));
    await setup.refreshSent();
    controller.abort(reason);
    expect(await setup.world.until(aborted)).toBe(reason);
    expect((await setup.world.until(auth.fetch('/posts'))).status).toBe(200);
    expect([setup.answers('me'), setup.answers('refresh')]).toEqual([[401], [200]]);
  });
});

it('calls that wait for a refresh without an answer reject as soon as the client is disposed', async () => {
  setup.faultRefreshes('hangBefore');
  simulate(auth, 'expired');
  const calls = [auth.fetch('/users/me'), auth.getAccessToken(), auth.refresh()].map(rejection);
  await setup.world.advance(50);
  auth.dispose();
  const errors = await Promise.race([Promise.all(calls), setup.world.advance(10)]);
  expect(errors).toMatchObject([{ code: 'disposed' }, { code: 'disposed' }, { code: 'disposed' }]);
});
