import { describe, expect, it } from 'vitest';
import { isConnectionDrop, type ApiFault } from 'unexpired/testing';
import { apiUser, refusalOf, tokensOf } from './api-user.ts';

const failureOf = (answer: Promise<Response>) => answer.then(() => null, (error: unknown) => error);

describe('faults that answer', () => {
  it('a bare status carries Retry-After and no Bonfire body', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'status', status: 429, retryAfter: 7 });
    const response = await send('/posts');
    expect(response.status).toBe(429);
    expect(response.headers.get('Retry-After')).toBe('7');
    expect(await response.text()).toBe('HTTP 429');
  });

  it('a status can carry an error code', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'status', status: 503, errorCode: 980 });
    expect(await refusalOf(await send('/posts'))).toEqual({ status: 503, code: 980 });
    expect(api.calls[0]).toMatchObject({ status: 503, errorCode: 980 });
  });

  it('an error has the status that goes with its code, unless told otherwise', async () => {
    const { api, send } = apiUser();
    const remove = api.addFault({ endpoint: 'posts', kind: 'error', code: 711, params: ['spark'] });
    const response = await send('/posts');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 711, params: ['spark'] } });
    remove();
    api.addFault({ endpoint: 'posts', kind: 'error', code: 450, status: 403, message: 'no' });
    expect(await refusalOf(await send('/posts'))).toEqual({ status: 403, code: 450 });
  });

  it.each([
    ['html', 200, /^<!doctype html>/, 'text/html'],
    ['malformed', 200, /^\{"data"/, 'application/json'],
    ['empty', 200, /^$/, null],
  ] as const)('%s is no answer of this API', async (kind, status, body, type) => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: '*', kind });
    const response = await send('/posts');
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(response.headers.get('Content-Type')).toBe(type);
    expect(text).toMatch(body);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  it('without `after` the server has not seen the request, with it a rotation has happened', async () => {
    const { api, create, refresh } = apiUser();
    const { refresh_token } = await create();
    api.addFault({ endpoint: 'refresh', kind: 'status', status: 504, times: 1 });
    api.addFault({ endpoint: 'refresh', kind: 'status', status: 504, times: 1, after: true });
    expect((await refresh(refresh_token)).status).toBe(504);
    expect(api.counts.refreshes).toBe(0);
    expect((await refresh(refresh_token)).status).toBe(504);
    expect(api.counts.refreshes).toBe(1);
  });
});

describe('faults that break the connection', () => {
  it('before: nothing has happened on the server', async () => {
    const { api, create, refresh } = apiUser();
    const { refresh_token } = await create();
    api.addFault({ endpoint: 'refresh', kind: 'dropBefore', times: 1 });
    const error = await failureOf(refresh(refresh_token));
    expect(error).toBeInstanceOf(TypeError);
    expect(isConnectionDrop(error)).toBe(true);
    expect(api.calls.at(-1)?.status).toBe('dropped');
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('after: the rotation has happened and its answer is lost', async () => {
    const { api, create, refresh } = apiUser({ reuseGraceMs: 5_000 });
    const { refresh_token } = await create();
    api.addFault({ endpoint: 'refresh', kind: 'dropAfter', times: 1 });
    expect(isConnectionDrop(await failureOf(refresh(refresh_token)))).toBe(true);
    expect(api.sessions[0]).toMatchObject({ rotations: 1, refreshes: 1 });
    expect((await tokensOf(await refresh(refresh_token))).refresh_token).not.toBe(refresh_token);
  });

  it('a stream whose answer is lost leaves nobody listening', async () => {
    const { api, create, send } = apiUser();
    const { access_token } = await create();
    api.addFault({ endpoint: 'stream', kind: 'dropAfter' });
    await failureOf(send('/posts/stream', { bearer: access_token }));
    expect(api.counts.openStreams).toBe(0);
  });
});

describe('a request that hangs', () => {
  it('rejects with the reason of its own abort', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'hang' });
    const controller = new AbortController();
    const answer = failureOf(send('/posts', { signal: controller.signal }));
    await Promise.resolve();
    expect(api.calls[0]?.status).toBe('hanging');
    controller.abort('enough');
    expect(await answer).toBe('enough');
  });

  it('is dropped when the faults are cleared, and so is one whose fault is used up', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'hang', times: 1 });
    const answer = failureOf(send('/posts'));
    expect((await send('/posts')).status).toBe(200);
    api.clearFaults();
    expect(isConnectionDrop(await answer)).toBe(true);
    expect(api.calls[0]?.status).toBe('dropped');
  });

  it('can hang after the server has done its part', async () => {
    const { api, create, refresh } = apiUser();
    const { refresh_token } = await create();
    const remove = api.addFault({ endpoint: 'refresh', kind: 'hang', after: true, times: 1 });
    const answer = failureOf(refresh(refresh_token));
    await expect.poll(() => api.calls.at(-1)?.status).toBe('hanging');
    expect(api.counts.refreshes).toBe(1);
    remove();
    expect(isConnectionDrop(await answer)).toBe(true);
  });
});

describe('which requests a fault befalls', () => {
  it('exactly as many as asked for, though all come at once', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'status', status: 503, times: 3 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('/posts')));
    expect(answers.map((answer) => answer.status)).toEqual([503, 503, 503, 200, 200, 200, 200, 200, 200, 200]);
  });

  it('those of its endpoint, the oldest fault first, until it is removed', async () => {
    const { api, send } = apiUser();
    const remove = api.addFault({ endpoint: 'posts', kind: 'status', status: 503 });
    api.addFault({ endpoint: '*', kind: 'status', status: 502 });
    expect((await send('/posts')).status).toBe(503);
    expect((await send('/posts/1')).status).toBe(502);
    remove();
    expect((await send('/posts')).status).toBe(502);
    api.clearFaults();
    expect((await send('/posts')).status).toBe(200);
  });

  it.each([
    [{ endpoint: 'postz', kind: 'empty' }, /`endpoint` must be one of "create"/],
    [{ endpoint: 'posts', kind: 'explode' }, /`kind` must be one of/],
    [{ endpoint: 'posts', kind: 'empty', times: 0 }, /`times` must be a whole number/],
    [{ endpoint: 'posts', kind: 'status', status: 200 }, /`status` must be an HTTP status from 400 to 599/],
    [{ endpoint: 'posts', kind: 'status' }, /`status` must be/],
    [{ endpoint: 'posts', kind: 'error' }, /`code` must be/],
  ])('a fault that makes no sense is refused: %j', (fault, message) => {
    expect(() => apiUser().api.addFault(fault as ApiFault)).toThrow(message);
  });
});
