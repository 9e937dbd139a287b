import { createTokenReplacer, type AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
let auth: AuthClient;
let replaceToken: ReturnType<typeof createTokenReplacer>;
beforeEach(async () => {
  setup = createSetup();
  ({ auth } = setup.open());
  replaceToken = createTokenReplacer(auth);
  await setup.signIn(auth);
});

const token = () => setup.world.until(auth.getAccessToken());
const replace = (rejected: string) => setup.world.until(replaceToken(rejected));

describe('a transport of the app that passes a rejected token to createTokenReplacer’s function', () => {
  it('costs one refresh for six calls that were rejected at the same time', async () => {
    const old = await token();
    const tokens = await setup.world.until(Promise.all(Array.from({ length: 6 }, () => replaceToken(old))));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(old);
    expect(setup.api.counts.refreshes).toBe(1);
  });

  it('costs no refresh when the token was already replaced', async () => {
    const old = await token();
    const next = await replace(old);
    expect([await replace(old), setup.api.counts.refreshes]).toEqual([next, 1]);
  });

  it('costs no refresh when another tab has replaced the token', async () => {
    const old = await token();
    const other = setup.open();
    const { accessToken } = await setup.world.until(other.auth.refresh());
    await setup.world.advance(100);
    expect([await replace(old), setup.api.counts.refreshes]).toEqual([accessToken, 1]);
  });

  it('costs one refresh in 30 s when the API rejects each token', async () => {
    const next = await replace(await token());
    expect([await replace(next), await replace(next), setup.api.counts.refreshes]).toEqual([next, next, 1]);
    await setup.world.advance(25_000);
    expect(setup.api.counts.refreshes).toBe(1);
    await setup.world.advance(6000);
    expect(await replace(await token())).not.toBe(next);
  });

  it('does not change what a call of fetch does after a rejection', async () => {
    await replace(await token());
    setup.api.revokeAccessTokens();
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts.refreshes).toBe(2);
  });

  it('gets no token of another user, as whom the request would be sent again', async () => {
    const old = await token();
    await setup.signIn(auth, 'cinder');
    expect(await setup.world.until(rejection(replaceToken(old)))).toMatchObject({ code: 'session_changed' });
    expect(setup.api.counts.refreshes).toBe(0);
  });

  it('gets no token of a user who signs in during the refresh', async () => {
    const old = await token();
    setup.faultRefreshes('hangBefore');
    const replaced = rejection(replaceToken(old));
    await setup.world.advance(50);
    await setup.signIn(auth, 'cinder');
    expect(await setup.world.until(replaced)).toMatchObject({ code: 'session_changed' });
  });

  it('gets no token after the sign-out', async () => {
    const old = await token();
    await setup.world.until(auth.signOut());
    expect(await setup.world.until(rejection(replaceToken(old)))).toMatchObject({ code: 'signed_out' });
  });

  it('ends a session that has no refresh token', async () => {
    await setup.world.until(auth.signIn({ accessToken: 'a', expiresAt: null, scopes: [] }));
    expect(await setup.world.until(rejection(replaceToken('a')))).toMatchObject({ code: 'session_ended', endReason: 'token_rejected' });
  });

  it('rejects with the reason of its signal', async () => {
    const controller = new AbortController();
    const old = await token();
    setup.faultRefreshes('hangBefore');
    const replaced = rejection(replaceToken(old, { signal: controller.signal }));
    await setup.world.advance(50);
    controller.abort('enough');
    expect(await setup.world.until(replaced)).toBe('enough');
  });

  it('recognises the token that the client has when the replacer is created', async () => {
    const old = await token();
    expect(await setup.world.until(createTokenReplacer(auth)(old))).not.toBe(old);
  });

  it('may pass no negative `minValidityMs`', async () => {
    expect(await setup.world.until(rejection(replaceToken(await token(), { minValidityMs: -1 })))).toMatchObject({ code: 'invalid_config', field: 'minValidityMs' });
  });

  it('does not start the client before its first call, and rejects after dispose()', async () => {
    const { auth: other } = setup.open();
    const replaceOther = createTokenReplacer(other);
    expect(other.getSnapshot().status).toBe('loading');
    other.dispose();
    expect(await setup.world.until(rejection(replaceOther('a')))).toMatchObject({ code: 'disposed' });
  });
});
