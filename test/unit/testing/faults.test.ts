import { describe, expect, it } from 'vitest';
import { isConnectionDrop, type ApiFault } from 'unexpired/testing';
import { apiUser, refusalOf, tokensOf } from './api-user.ts';

const failureOf = (answer: Promise<Response>) => answer.then(() => null, (error: unknown) => error);

describe('a fault', () => {
  it('of kind `status` answers with Retry-After and without a Bonfire body', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'status', status: 429, retryAfter: 7 });
    const response = await send('/posts');
    expect(response.status).toBe(429);
    expect(response.headers.get('Retry-After')).toBe('7');
    expect(await response.text()).toBe('HTTP 429');
  });

  it('of kind `status` answers with a Bonfire error if it has an error code', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'status', status: 503, errorCode: 980 });
    expect(await refusalOf(await send('/posts'))).toEqual({ status: 503, code: 980 });
    expect(api.calls[0]).toMatchObject({ status: 503, errorCode: 980 });
  });

  it('of kind `error` answers with the status of its code, unless it has a status of its own', async () => {
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
  ] as const)('of kind `%s` answers with a body that is not JSON', async (kind, status, body, type) => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: '*', kind });
    const response = await send('/posts');
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(response.headers.get('Content-Type')).toBe(type);
    expect(text).toMatch(body);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  it('answers before the server processes the request or, with `after`, afterwards', async () => {
    const { api, create, refresh } = apiUser();
    const { refresh_token } = await create();
    api.addFault({ endpoint: 'refresh', kind: 'status', status: 504, times: 1 });
    api.addFault({ endpoint: 'refresh', kind: 'status', status: 504, times: 1, after: true });
    expect((await refresh(refresh_token)).status).toBe(504);
    expect(api.counts.refreshes).toBe(0);
    expect((await refresh(refresh_token)).status).toBe(504);
    expect(api.counts.refreshes).toBe(1);
  });

  it('of kind `dropBefore` breaks the connection before the server processes the request', async () => {
    const { api, create, refresh } = apiUser();
    const { refresh_token } = await create();
    api.addFault({ endpoint: 'refresh', kind: 'dropBefore', times: 1 });
    const error = await failureOf(refresh(refresh_token));
    expect(error).toBeInstanceOf(TypeError);
    expect(isConnectionDrop(error)).toBe(true);
    expect(api.calls.at(-1)?.status).toBe('dropped');
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('of kind `dropAfter` breaks the connection after the rotation, so its answer is lost', async () => {
    const { api, create, refresh } = apiUser({ reuseGraceMs: 5_000 });
    const { refresh_token } = await create();
    api.addFault({ endpoint: 'refresh', kind: 'dropAfter', times: 1 });
    expect(isConnectionDrop(await failureOf(refresh(refresh_token)))).toBe(true);
    expect(api.sessions[0]).toMatchObject({ rotations: 1, refreshes: 1 });
    expect((await tokensOf(await refresh(refresh_token))).refresh_token).not.toBe(refresh_token);
  });

  it('of kind `dropAfter` leaves no stream open', async () => {
    const { api, create, send } = apiUser();
    const { access_token } = await create();
    api.addFault({ endpoint: 'stream', kind: 'dropAfter' });
    await failureOf(send('/posts/stream', { bearer: access_token }));
    expect(api.counts.openStreams).toBe(0);
  });
});

describe('a request that hangs', () => {
  it('rejects with the reason of its signal when it is aborted', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'hang' });
    const controller = new AbortController();
    const answer = failureOf(send('/posts', { signal: controller.signal }));
    await Promise.resolve();
    expect(api.calls[0]?.status).toBe('hanging');
    controller.abort('enough');
    expect(await answer).toBe('enough');
  });

  it('is dropped when the faults are cleared, even if its fault was used up', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'hang', times: 1 });
    const answer = failureOf(send('/posts'));
    expect((await send('/posts')).status).toBe(200);
    api.clearFaults();
    expect(isConnectionDrop(await answer)).toBe(true);
    expect(api.calls[0]?.status).toBe('dropped');
  });

  it('because of a fault with `after` has been processed, and is dropped when the fault is removed', async () => {
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

describe('addFault', () => {
  it('affects exactly `times` requests, even if all are sent at the same time', async () => {
    const { api, send } = apiUser();
    api.addFault({ endpoint: 'posts', kind: 'status', status: 503, times: 3 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('/posts')));
    expect(answers.map((answer) => answer.status)).toEqual([503, 503, 503, 200, 200, 200, 200, 200, 200, 200]);
  });

  it('affects the requests of its endpoint until it is removed, and the oldest fault comes first', async () => {
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
  ])('refuses %j and names the wrong field', (fault, message) => {
    expect(() => apiUser().api.addFault(fault as ApiFault)).toThrow(message);
  });
});
