import { describe, expect, it } from 'vitest';
import { apiUser, refusalOf, tokensOf } from './api-user.ts';

describe('a used-up refresh token that comes again', () => {
  it('ends the whole session: every refresh token answers 451, every access token 450', async () => {
    const { create, refresh, me, api } = apiUser();
    const first = await create();
    const second = await tokensOf(await refresh(first.refresh_token));
    expect(await refusalOf(await refresh(first.refresh_token))).toEqual({ status: 400, code: 451 });
    expect(await refusalOf(await refresh(second.refresh_token))).toEqual({ status: 400, code: 451 });
    expect(await refusalOf(await me(first.access_token))).toEqual({ status: 401, code: 450 });
    expect(await refusalOf(await me(second.access_token))).toEqual({ status: 401, code: 450 });
    expect(api.sessions).toEqual([
      { id: 1, botId: 'ember', alive: false, endCode: 451, refreshes: 1, rotations: 1, reuses: 1, maxConcurrentRefreshes: 1 },
    ]);
  });

  it('leaves other sessions of the same bot alone', async () => {
    const { create, refresh, me } = apiUser();
    const [stolen, other] = [await create(), await create()];
    await refresh(stolen.refresh_token);
    await refresh(stolen.refresh_token);
    expect((await me(other.access_token)).status).toBe(200);
    expect((await refresh(other.refresh_token)).status).toBe(200);
  });

  it('is only refused when detection is off', async () => {
    const { create, refresh, api } = apiUser({ reuseDetection: false });
    const first = await create();
    const second = await tokensOf(await refresh(first.refresh_token));
    expect((await refusalOf(await refresh(first.refresh_token))).code).toBe(451);
    expect((await refresh(second.refresh_token)).status).toBe(200);
    expect(api.counts.reuses).toBe(1);
  });
});

describe('the grace period after a rotation', () => {
  it('brings the same successor with a fresh access token', async () => {
    const { create, refresh, time, api } = apiUser({ reuseGraceMs: 10_000 });
    const first = await create();
    const granted = await tokensOf(await refresh(first.refresh_token));
    time.advance(9_999);
    const again = await tokensOf(await refresh(first.refresh_token));
    expect(again.refresh_token).toBe(granted.refresh_token);
    expect(again.access_token).not.toBe(granted.access_token);
    expect(api.counts).toMatchObject({ refreshes: 2, reuses: 0 });
  });

  it('is over at its end', async () => {
    const { create, refresh, time, api } = apiUser({ reuseGraceMs: 10_000 });
    const first = await create();
    await refresh(first.refresh_token);
    time.advance(10_000);
    expect((await refusalOf(await refresh(first.refresh_token))).code).toBe(451);
    expect(api.counts.reuses).toBe(1);
  });

  it('covers the previous token only, not the one before', async () => {
    const { create, refresh } = apiUser({ reuseGraceMs: 10_000 });
    const first = await create();
    const second = await tokensOf(await refresh(first.refresh_token));
    await refresh(second.refresh_token);
    expect((await refresh(first.refresh_token)).status).toBe(400);
  });

  it('gives two refreshes at the same time one successor', async () => {
    const { create, refresh } = apiUser({ reuseGraceMs: 1_000 });
    const { refresh_token } = await create();
    const [one, other] = await Promise.all([refresh(refresh_token), refresh(refresh_token)]);
    expect((await tokensOf(one)).refresh_token).toBe((await tokensOf(other)).refresh_token);
  });
});

describe('ending and revoking', () => {
  it.each([
    [451, 400],
    [460, 403],
    [800, 409],
    [810, 409],
  ] as const)('a session ended with %d answers that code, with HTTP %d', async (code, status) => {
    const { create, refresh, me, api } = apiUser();
    const tokens = await create();
    expect(api.endSession({ refreshToken: tokens.refresh_token }, code)).toBe(1);
    expect(await refusalOf(await refresh(tokens.refresh_token))).toEqual({ status, code });
    expect((await refusalOf(await me(tokens.access_token))).code).toBe(450);
    expect(api.endSession({}, 451)).toBe(0);
  });

  it('a bot loses all its sessions and no other bot loses any', async () => {
    const { create, refresh, api } = apiUser();
    const [, , spark] = [await create('ember'), await create('ember'), await create('spark')];
    expect(api.endSession({ botId: 'ember' }, 810)).toBe(2);
    expect((await refresh(spark.refresh_token)).status).toBe(200);
  });

  it('one revoked access token answers 450 and its session lives on', async () => {
    const { create, refresh, me, api } = apiUser();
    const first = await create();
    const second = await tokensOf(await refresh(first.refresh_token));
    api.revokeAccessToken(first.access_token);
    expect(await refusalOf(await me(first.access_token))).toEqual({ status: 401, code: 450 });
    expect((await me(second.access_token)).status).toBe(200);
    expect((await refresh(second.refresh_token)).status).toBe(200);
    expect(api.counts.rejections).toBe(1);
  });

  it('revoking a bot’s access tokens counts the good ones only', async () => {
    const { create, me, api, time } = apiUser({ accessTokenLifetimeMs: 10_000 });
    await create('ember');
    time.advance(10_000);
    const [ember, spark] = [await create('ember'), await create('spark')];
    expect(api.revokeAccessTokens('ember')).toBe(1);
    expect((await me(ember.access_token)).status).toBe(401);
    expect((await me(spark.access_token)).status).toBe(200);
    expect(api.revokeAccessTokens()).toBe(1);
  });

  it('an access token is good until its expiry and not at it', async () => {
    const { create, me, time } = apiUser({ accessTokenLifetimeMs: 10_000 });
    const { access_token } = await create();
    time.advance(9_999);
    expect((await me(access_token)).status).toBe(200);
    time.advance(1);
    expect(await refusalOf(await me(access_token))).toEqual({ status: 401, code: 450 });
  });
});
