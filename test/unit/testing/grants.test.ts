import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import vectors from '../../fixtures/bonfire-vectors.json' with { type: 'json' };
import { apiUser, refusalOf, tokensOf } from './api-user.ts';

const shape = (value: object) => Object.keys(value).sort();

describe('POST /oauth/bots', () => {
  it('returns a token object for each bot of a form whose ids are a JSON array', async () => {
    const { send } = apiUser();
    const response = await send('/oauth/bots', { method: 'POST', form: { grant_type: 'client_credentials', bots: '["ember","spark"]' } });
    expect(response.status).toBe(200);
    const { data } = (await response.json()) as { data: { tokens: Record<string, object> } };
    expect(shape(data.tokens)).toEqual(['ember', 'spark']);
    expect(shape(data.tokens['ember']!)).toEqual(shape(vectors.accessTokenObject.body));
  });

  it('accepts a JSON body', async () => {
    const { send, me } = apiUser();
    const response = await send('/oauth/bots', { method: 'POST', json: { grant_type: 'client_credentials', bots: ['cinder'] } });
    const { data } = (await response.json()) as { data: { tokens: { cinder: { access_token: string } } } };
    expect(await (await me(data.tokens.cinder.access_token)).json()).toMatchObject({
      data: { type: 'user', attributes: { username: 'cinder', display_name: 'Cinder' } },
    });
  });

  it('returns an access token that is a JWT, with the exp that expires_at shows', async () => {
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

  it('writes expires_at without a colon in its offset if `expiresAtSpelling` is compact', async () => {
    const { create } = apiUser({ expiresAtSpelling: 'compact' });
    expect((await create()).expires_at).toBe('2024-01-01T00:01:00+0000');
  });

  it('returns different tokens to two requests at the same time', async () => {
    const { create } = apiUser();
    const [one, other] = await Promise.all([create(), create()]);
    expect(one.access_token).not.toBe(other.access_token);
    expect(one.refresh_token).not.toBe(other.refresh_token);
  });

  it('returns created_at and no refresh token if tokens never expire, as in the published example', async () => {
    const { create, me, time } = apiUser({ accessTokenLifetimeMs: null });
    const tokens = await create();
    const published = vectors.createBots.body.data.tokens['-OoX6R1ba0eM5kwmB8n'];
    expect(shape(tokens)).toEqual(shape(published));
    expect(decodeJwt(tokens.access_token).exp).toBeUndefined();
    time.advance(10 * 365 * 86_400_000);
    expect((await me(tokens.access_token)).status).toBe(200);
  });

  it('returns a token that is valid at first, even if its lifetime is 50 ms', async () => {
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
    ['bots that are not an array', { grant_type: 'client_credentials', bots: 'ember' }, { status: 400, code: 600 }],
  ])('answers %s with an error and creates no session', async (_what, form, refusal) => {
    const { send, api } = apiUser();
    expect(await refusalOf(await send('/oauth/bots', { method: 'POST', form }))).toEqual(refusal);
    expect(api.counts.created).toBe(0);
  });
});

describe('POST /oauth', () => {
  it('returns new tokens in the published resource envelope', async () => {
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

  it('accepts a JSON body', async () => {
    const { create, send } = apiUser();
    const { refresh_token } = await create();
    const response = await send('/oauth', { method: 'POST', json: { grant_type: 'refresh_token', refresh_token } });
    expect(response.status).toBe(200);
  });

  it('returns no refresh token if the server does not rotate, and the old one stays valid', async () => {
    const { create, refresh } = apiUser({ rotateRefreshTokens: false });
    const { refresh_token } = await create();
    expect(await tokensOf(await refresh(refresh_token))).not.toHaveProperty('refresh_token');
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('grants a refresh token once if it is sent three times at the same time', async () => {
    const { create, refresh, api } = apiUser({ reuseDetection: false });
    const { refresh_token } = await create();
    const answers = await Promise.all([refresh(refresh_token), refresh(refresh_token), refresh(refresh_token)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400, 400]);
    expect(api.counts).toMatchObject({ refreshes: 1, reuses: 2, maxConcurrentRefreshes: 3 });
  });

  it.each([
    ['an unknown refresh token', 'app-key', { grant_type: 'refresh_token', refresh_token: 'made-up' }, { status: 400, code: 451 }],
    ['a missing refresh token', 'app-key', { grant_type: 'refresh_token' }, { status: 400, code: 600 }],
    ['another App Key', 'other-key', { grant_type: 'refresh_token', refresh_token: 'x' }, { status: 401, code: 452 }],
    ['a missing bearer', null, { grant_type: 'refresh_token', refresh_token: 'x' }, { status: 401, code: 400 }],
  ])('refuses %s', async (_what, bearer, form, refusal) => {
    const { send } = apiUser();
    expect(await refusalOf(await send('/oauth', { method: 'POST', bearer, form: form as Record<string, string> }))).toEqual(refusal);
  });

  it('refuses an access token in place of the App Key with error code 452', async () => {
    const { create, send } = apiUser();
    const { access_token, refresh_token } = await create();
    const response = await send('/oauth', { method: 'POST', bearer: access_token, form: { grant_type: 'refresh_token', refresh_token } });
    expect(await refusalOf(response)).toEqual({ status: 401, code: 452 });
  });

  it('refuses truncated JSON with error code 600', async () => {
    const { api } = apiUser();
    const headers = { Authorization: 'Bearer app-key', 'Content-Type': 'application/json' };
    const response = await api.fetch(new Request('https://bonfire.test/v1/oauth', { method: 'POST', headers, body: '{"grant' }));
    expect(await refusalOf(response)).toEqual({ status: 400, code: 600 });
  });
});
