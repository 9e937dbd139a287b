import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import vectors from '../../fixtures/bonfire-vectors.json' with { type: 'json' };
import { apiUser, refusalOf, tokensOf } from './api-user.ts';

const shape = (value: object) => Object.keys(value).sort();

describe('getting tokens for bots', () => {
  it('a form with the ids as a JSON array brings one token object for each bot', async () => {
    const { send } = apiUser();
    const response = await send('/oauth/bots', { method: 'POST', form: { grant_type: 'client_credentials', bots: '["ember","spark"]' } });
    expect(response.status).toBe(200);
    const { data } = (await response.json()) as { data: { tokens: Record<string, object> } };
    expect(shape(data.tokens)).toEqual(['ember', 'spark']);
    expect(shape(data.tokens['ember']!)).toEqual(shape(vectors.accessTokenObject.body));
  });

  it('a JSON body does too', async () => {
    const { send, me } = apiUser();
    const response = await send('/oauth/bots', { method: 'POST', json: { grant_type: 'client_credentials', bots: ['cinder'] } });
    const { data } = (await response.json()) as { data: { tokens: { cinder: { access_token: string } } } };
    expect(await (await me(data.tokens.cinder.access_token)).json()).toMatchObject({
      data: { type: 'user', attributes: { username: 'cinder', display_name: 'Cinder' } },
    });
  });

  it('the access token is a JWT whose exp is what expires_at says', async () => {
    const { create, time } = apiUser({ accessTokenLifetimeMs: 90_000 });
    const { access_token, refresh_token, expires_at, scope } = await create();
    const claims = decodeJwt(access_token);
    expect(claims).toMatchObject({ aud: 'app-key', token_type: 'access', type: 'access:bot', bid: 1, sid: 1, v: 1, scope });
    expect(claims.iat).toBe(time.now() / 1000);
    expect(claims.exp).toBe(time.now() / 1000 + 90);
    expect(expires_at).toBe('2024-01-01T00:01:30+00:00');
    expect(decodeJwt(refresh_token)).toMatchObject({ token_type: 'refresh' });
    expect(decodeJwt(refresh_token).exp).toBeUndefined();
  });

  it('expires_at can come without its colon', async () => {
    const { create } = apiUser({ expiresAtSpelling: 'compact' });
    expect((await create()).expires_at).toBe('2024-01-01T00:01:00+0000');
  });

  it('tokens made in the same instant differ', async () => {
    const { create } = apiUser();
    const [one, other] = await Promise.all([create(), create()]);
    expect(one.access_token).not.toBe(other.access_token);
    expect(one.refresh_token).not.toBe(other.refresh_token);
  });

  it('tokens that never expire come as in the published example: created_at, no refresh token', async () => {
    const { create, me, time } = apiUser({ accessTokenLifetimeMs: null });
    const tokens = await create();
    const published = vectors.createBots.body.data.tokens['-OoX6R1ba0eM5kwmB8n'];
    expect(shape(tokens)).toEqual(shape(published));
    expect(decodeJwt(tokens.access_token).exp).toBeUndefined();
    time.advance(10 * 365 * 86_400_000);
    expect((await me(tokens.access_token)).status).toBe(200);
  });

  it('a very short lifetime is still some lifetime', async () => {
    const { create, me, time } = apiUser({ accessTokenLifetimeMs: 50 });
    time.advance(700);
    const { access_token } = await create();
    expect((await me(access_token)).status).toBe(200);
    time.advance(300);
    expect((await me(access_token)).status).toBe(401);
  });

  it.each([
    ['an unknown bot', { grant_type: 'client_credentials', bots: '["ember","nobody"]' }, { status: 404, code: 702 }],
    ['another grant type', { grant_type: 'password', bots: '["ember"]' }, { status: 400, code: 600 }],
    ['bots that are no array', { grant_type: 'client_credentials', bots: 'ember' }, { status: 400, code: 600 }],
  ])('%s brings an error and begins no session', async (_what, form, refusal) => {
    const { send, api } = apiUser();
    expect(await refusalOf(await send('/oauth/bots', { method: 'POST', form }))).toEqual(refusal);
    expect(api.counts.created).toBe(0);
  });
});

describe('refreshing', () => {
  it('brings the published resource envelope with new tokens', async () => {
    const { create, refresh, me } = apiUser();
    const before = await create();
    const response = await refresh(before.refresh_token);
    const body = (await response.clone().json()) as { data: { type: string } };
    expect(shape(body)).toEqual(shape(vectors.refresh.body));
    expect(shape(body.data)).toEqual(shape(vectors.refresh.body.data));
    expect(body.data.type).toBe('access_token');
    const after = await tokensOf(response);
    expect(shape(after)).toEqual(shape(vectors.refresh.body.data.attributes));
    expect(after.refresh_token).not.toBe(before.refresh_token);
    expect((await me(after.access_token)).status).toBe(200);
  });

  it('takes JSON too', async () => {
    const { create, send } = apiUser();
    const { refresh_token } = await create();
    const response = await send('/oauth', { method: 'POST', json: { grant_type: 'refresh_token', refresh_token } });
    expect(response.status).toBe(200);
  });

  it('leaves the refresh token out and valid when the server does not rotate', async () => {
    const { create, refresh } = apiUser({ rotateRefreshTokens: false });
    const { refresh_token } = await create();
    expect(await tokensOf(await refresh(refresh_token))).not.toHaveProperty('refresh_token');
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('never grants the same refresh token twice, even at the same time', async () => {
    const { create, refresh, api } = apiUser({ reuseDetection: false });
    const { refresh_token } = await create();
    const answers = await Promise.all([refresh(refresh_token), refresh(refresh_token), refresh(refresh_token)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400, 400]);
    expect(api.counts).toMatchObject({ refreshes: 1, reuses: 2, maxConcurrentRefreshes: 3 });
  });

  it.each([
    ['an unknown refresh token', 'app-key', { grant_type: 'refresh_token', refresh_token: 'made-up' }, { status: 400, code: 451 }],
    ['no refresh token', 'app-key', { grant_type: 'refresh_token' }, { status: 400, code: 600 }],
    ['another App Key', 'other-key', { grant_type: 'refresh_token', refresh_token: 'x' }, { status: 401, code: 452 }],
    ['no bearer', null, { grant_type: 'refresh_token', refresh_token: 'x' }, { status: 401, code: 400 }],
  ])('%s is refused', async (_what, bearer, form, refusal) => {
    const { send } = apiUser();
    expect(await refusalOf(await send('/oauth', { method: 'POST', bearer, form: form as Record<string, string> }))).toEqual(refusal);
  });

  it('an access token in place of the App Key is refused with 452', async () => {
    const { create, send } = apiUser();
    const { access_token, refresh_token } = await create();
    const response = await send('/oauth', { method: 'POST', bearer: access_token, form: { grant_type: 'refresh_token', refresh_token } });
    expect(await refusalOf(response)).toEqual({ status: 401, code: 452 });
  });

  it('JSON that breaks off is refused, not a crash', async () => {
    const { api } = apiUser();
    const headers = { Authorization: 'Bearer app-key', 'Content-Type': 'application/json' };
    const response = await api.fetch(new Request('https://bonfire.test/v1/oauth', { method: 'POST', headers, body: '{"grant' }));
    expect(await refusalOf(response)).toEqual({ status: 400, code: 600 });
  });
});
