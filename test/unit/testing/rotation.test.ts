import { describe, expect, it } from 'vitest';
import { apiUser, refusalOf, tokensOf } from './api-user.ts';

describe('a spent refresh token that is sent again', () => {
  it('ends its session, so every refresh token answers 451 and every access token 450', async () => {
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

  it('does not affect other sessions of the same bot', async () => {
    const { create, refresh, me } = apiUser();
    const [stolen, other] = [await create(), await create()];
    await refresh(stolen.refresh_token);
    await refresh(stolen.refresh_token);
    expect((await me(other.access_token)).status).toBe(200);
    expect((await refresh(other.refresh_token)).status).toBe(200);
  });

  it('is refused without ending the session if reuse detection is off', async () => {
    const { create, refresh, api } = apiUser({ reuseDetection: false });
    const first = await create();
    const second = await tokensOf(await refresh(first.refresh_token));
    expect((await refusalOf(await refresh(first.refresh_token))).code).toBe(451);
    expect((await refresh(second.refresh_token)).status).toBe(200);
    expect(api.counts.reuses).toBe(1);
  });
});

describe('the grace period after a rotation', () => {
  it('returns the same new refresh token again, with another access token', async () => {
    const { create, refresh, time, api } = apiUser({ reuseGraceMs: 10_000 });
    const first = await create();
    const granted = await tokensOf(await refresh(first.refresh_token));
    time.advance(9_999);
    const again = await tokensOf(await refresh(first.refresh_token));
    expect(again.refresh_token).toBe(granted.refresh_token);
    expect(again.access_token).not.toBe(granted.access_token);
    expect(api.counts).toMatchObject({ refreshes: 2, reuses: 0 });
  });

  it('has ended after exactly `reuseGraceMs`', async () => {
    const { create, refresh, time, api } = apiUser({ reuseGraceMs: 10_000 });
    const first = await create();
    await refresh(first.refresh_token);
    time.advance(10_000);
    expect((await refusalOf(await refresh(first.refresh_token))).code).toBe(451);
    expect(api.counts.reuses).toBe(1);
  });

  it('covers the previous refresh token but not the one before it', async () => {
    const { create, refresh } = apiUser({ reuseGraceMs: 10_000 });
    const first = await create();
    const second = await tokensOf(await refresh(first.refresh_token));
    await refresh(second.refresh_token);
    expect((await refresh(first.refresh_token)).status).toBe(400);
  });

  it('returns the same new refresh token to two refreshes at the same time', async () => {
    const { create, refresh } = apiUser({ reuseGraceMs: 1_000 });
    const { refresh_token } = await create();
    const [one, other] = await Promise.all([refresh(refresh_token), refresh(refresh_token)]);
    expect((await tokensOf(one)).refresh_token).toBe((await tokensOf(other)).refresh_token);
  });
});

describe('the API', () => {
  it.each([
    [451, 400],
    [460, 403],
    [800, 409],
    [810, 409],
  ] as const)('answers a refresh of a session that was ended with %d by that code and HTTP %d', async (code, status) => {
    const { create, refresh, me, api } = apiUser();
    const tokens = await create();
    expect(api.endSession({ refreshToken: tokens.refresh_token }, code)).toBe(1);
    expect(await refusalOf(await refresh(tokens.refresh_token))).toEqual({ status, code });
    expect((await refusalOf(await me(tokens.access_token))).code).toBe(450);
    expect(api.endSession({}, 451)).toBe(0);
  });

  it('ends all sessions of one bot and none of another', async () => {
    const { create, refresh, api } = apiUser();
    const [, , spark] = [await create('ember'), await create('ember'), await create('spark')];
    expect(api.endSession({ botId: 'ember' }, 810)).toBe(2);
    expect((await refresh(spark.refresh_token)).status).toBe(200);
  });

  it('answers 450 to an access token that was revoked, and its session continues', async () => {
    const { create, refresh, me, api } = apiUser();
    const first = await create();
    const second = await tokensOf(await refresh(first.refresh_token));
    api.revokeAccessToken(first.access_token);
    expect(await refusalOf(await me(first.access_token))).toEqual({ status: 401, code: 450 });
    expect((await me(second.access_token)).status).toBe(200);
    expect((await refresh(second.refresh_token)).status).toBe(200);
    expect(api.counts.rejections).toBe(1);
  });

  it('counts only valid access tokens when it revokes those of a bot', async () => {
    const { create, me, api, time } = apiUser({ accessTokenLifetimeMs: 10_000 });
    await create('ember');
    time.advance(10_000);
    const [ember, spark] = [await create('ember'), await create('spark')];
    expect(api.revokeAccessTokens('ember')).toBe(1);
    expect((await me(ember.access_token)).status).toBe(401);
    expect((await me(spark.access_token)).status).toBe(200);
    expect(api.revokeAccessTokens()).toBe(1);
  });

  it('accepts an access token until its expiry, but not at that moment', async () => {
    const { create, me, time } = apiUser({ accessTokenLifetimeMs: 10_000 });
    const { access_token } = await create();
    time.advance(9_999);
    expect((await me(access_token)).status).toBe(200);
    time.advance(1);
    expect(await refusalOf(await me(access_token))).toEqual({ status: 401, code: 450 });
  });
});
