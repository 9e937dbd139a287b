import { describe, expect, it } from 'vitest';
import { apiUser } from './api-user.ts';

const origin = { Origin: 'https://app.test' };

it('the fetch of the API accepts a string with an init, and a URL', async () => {
  const { api } = apiUser();
  const answers = [await api.fetch('https://bonfire.test/v1/users/me', { method: 'HEAD' }), await api.fetch(new URL('https://bonfire.test/v1/users/me'))];
  expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  expect(api.calls.map(({ method, endpoint }) => [method, endpoint])).toEqual([['HEAD', 'me'], ['GET', 'me']]);
});

describe('a page of another origin', () => {
  it('gets an answer to its preflight without a bearer, and the log does not list it', async () => {
    const { api, send } = apiUser();
    const headers = { ...origin, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'authorization, x-trace' };
    const response = await send('/posts/1', { method: 'OPTIONS', bearer: null, headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('https://app.test');
    expect(response.headers.get('Access-Control-Allow-Methods')).toContain('PUT');
    expect(response.headers.get('Access-Control-Allow-Headers')).toContain('Content-Type');
    expect(response.headers.get('Access-Control-Allow-Headers')).toContain('x-trace');
    expect(api.calls).toEqual([]);
  });

  it('can read answers, refusals and faults, but not the Date header', async () => {
    const { api, send } = apiUser();
    const answers = [await send('/posts', { headers: origin }), await send('/users/me', { headers: origin })];
    api.addFault({ endpoint: '*', kind: 'html', status: 502 });
    answers.push(await send('/posts', { headers: origin }));
    expect(answers.map((answer) => answer.status)).toEqual([200, 401, 502]);
    for (const { headers } of answers) {
      expect(headers.get('Access-Control-Allow-Origin')).toBe('https://app.test');
      expect(headers.get('Vary')).toContain('Origin');
      expect(headers.has('Access-Control-Expose-Headers')).toBe(false);
      expect(headers.has('Date')).toBe(false);
    }
  });

  it('can read the Date header, by the clock of the server, if it is exposed', async () => {
    const { send } = apiUser({ exposeHeaders: ['Date', 'Retry-After'] });
    const { headers } = await send('/posts', { headers: origin });
    expect(headers.get('Access-Control-Expose-Headers')).toBe('Date, Retry-After');
    expect(headers.get('Date')).toBe('Mon, 01 Jan 2024 00:00:00 GMT');
  });
});

describe('a request to an API with latency', () => {
  it('is processed when it arrives, not when it is sent', async () => {
    const { send, time, create, api } = apiUser({ accessTokenLifetimeMs: 2_000 });
    const { access_token } = await create();
    api.configure({ latencyMs: 2_000 });
    const answer = send('/users/me', { bearer: access_token });
    await expect.poll(time.sleeping).toBe(1);
    time.advance(2_000);
    expect((await answer).status).toBe(401);
    expect(api.calls.at(-1)).not.toHaveProperty('expiredByMs');
  });

  it('can take longer at one endpoint than at another', async () => {
    const { send, time } = apiUser({ latencyMs: (endpoint) => (endpoint === 'post' ? 500 : 0) });
    expect((await send('/posts')).status).toBe(200);
    const slow = send('/posts/1');
    await expect.poll(time.sleeping).toBe(1);
    time.advance(500);
    expect((await slow).status).toBe(404);
  });

  it('rejects at once if it is a refresh that is aborted, and the server still rotates', async () => {
    const { api, time, create, send } = apiUser();
    const { refresh_token } = await create();
    api.configure({ latencyMs: 1_000 });
    const controller = new AbortController();
    const form = { grant_type: 'refresh_token', refresh_token };
    const answer = send('/oauth', { method: 'POST', form, signal: controller.signal });
    await expect.poll(time.sleeping).toBe(1);
    controller.abort('enough');
    await expect(answer).rejects.toBe('enough');
    time.advance(1_000);
    await expect.poll(() => api.calls.at(-1)?.status).toBe(200);
    expect(api.counts.refreshes).toBe(1);
  });

  it('that was aborted before it was sent never arrives', async () => {
    const { api, send } = apiUser();
    await expect(send('/posts', { signal: AbortSignal.abort('early') })).rejects.toBe('early');
    expect(api.calls).toEqual([]);
  });
});

describe('the log of the API', () => {
  it('shows who sent each request, when, and how it was answered', async () => {
    const { api, create, send, time } = apiUser({ accessTokenLifetimeMs: 10_000 });
    const { access_token } = await create();
    time.advance(12_500);
    await send('/users/me/posts?draft=1', { method: 'POST', bearer: access_token, json: { text: 'hi' } });
    await send('/posts');
    expect(api.calls).toHaveLength(3);
    expect(api.calls[0]).toMatchObject({ endpoint: 'create', method: 'POST', path: '/v1/oauth/bots', status: 200, applicationOnly: true });
    expect(api.calls[1]).toEqual({
      endpoint: 'myPosts',
      method: 'POST',
      path: '/v1/users/me/posts?draft=1',
      at: time.now(),
      status: 401,
      errorCode: 450,
      accessToken: access_token,
      applicationOnly: false,
      botId: 'ember',
      expiredByMs: 2_500,
      body: '{"text":"hi"}',
    });
    expect(api.calls[2]).toEqual({ endpoint: 'posts', method: 'GET', path: '/v1/posts', at: time.now(), status: 200, applicationOnly: true });
    api.clearCalls();
    expect(api.calls).toEqual([]);
    expect(api.counts).toMatchObject({ created: 1, rejections: 1 });
  });

  it('shows how many refreshes of the same session were in flight when each started', async () => {
    const { api, create, refresh } = apiUser({ reuseGraceMs: 1_000 });
    const [ember, spark] = [await create('ember'), await create('spark')];
    api.clearCalls();
    await Promise.all([refresh(ember.refresh_token), refresh(ember.refresh_token), refresh(spark.refresh_token)]);
    expect(api.calls.map(({ botId, inFlightAtStart }) => [botId, inFlightAtStart])).toEqual([
      ['ember', 0],
      ['ember', 1],
      ['spark', 0],
    ]);
    expect(api.calls[0]?.refreshToken).toBe(ember.refresh_token);
    expect(api.sessions.map((session) => session.maxConcurrentRefreshes)).toEqual([2, 1]);
    const { refresh_token } = await create('cinder');
    await refresh(refresh_token);
    expect(api.calls.at(-1)?.inFlightAtStart).toBe(0);
  });
});
