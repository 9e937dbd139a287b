import type { Interceptor } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { axiosClient } from './recipes/axios.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService } from './support/service.ts';

const PATH = '/v1/users/me/posts';

describe('axios', () => {
  it('posts the same body again when the token was revoked', async () => {
    const { api, auth, baseUrl, arrivals } = await startService();
    api.revokeAccessTokens();
    const { status, data } = await axiosClient(auth, baseUrl).post('/users/me/posts', { text: 'hello' });
    expect([status, data]).toMatchObject([201, { data: { attributes: { text: 'hello' } } }]);
    const body = '{"text":"hello"}';
    expect(arrivals(PATH)).toEqual([{ method: 'POST', body, status: 401 }, { method: 'POST', body, status: 201 }]);
    expect(api.counts.refreshes).toBe(1);
  });

  it('sends a form with the same fields again when the token was revoked', async () => {
    const { api, auth, baseUrl, arrivals } = await startService();
    api.revokeAccessTokens();
    await axiosClient(auth, baseUrl).post('/users/me/posts', new URLSearchParams({ text: 'hello you' }));
    expect(arrivals(PATH)).toMatchObject([{ body: 'text=hello+you', status: 401 }, { body: 'text=hello+you', status: 201 }]);
  });

  it('sends a whole upload again and reports its progress when the token was revoked', async () => {
    const { api, auth, baseUrl, arrivals } = await startService();
    api.revokeAccessTokens();
    const form = new FormData();
    form.append('text', 'hello');
    form.append('picture', new Blob(['x'.repeat(200_000)]), 'picture.png');
    let loaded = 0;
    await axiosClient(auth, baseUrl).post('/users/me/posts', form, { onUploadProgress: (progress) => (loaded = progress.loaded), validateStatus: null });
    const [first, second, ...others] = arrivals(PATH);
    expect([first?.status, others]).toEqual([401, []]);
    expect(first?.body.length).toBeGreaterThan(200_000);
    expect(second?.body).toBe(first?.body);
    expect(loaded).toBeGreaterThan(200_000);
  });

  it('puts no token into the error of a failed request', async () => {
    const { auth, baseUrl } = await startService();
    const error = await rejection(axiosClient(auth, baseUrl).get('/nowhere'));
    expect(error).toMatchObject({ name: 'AxiosError', status: 404 });
    expect(JSON.stringify(error)).not.toContain(await auth.getAccessToken());
  });

  it('keeps the answer in error.response while an interceptor of a component throws for an error status', async () => {
    const { auth, baseUrl } = await startService();
    const throwing: Interceptor = async (request, next) => {
      const response = await next(request);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return response;
    };
    const authedFetch = auth.fetchWith([throwing]); // As `useAuthedFetch({ interceptors })` does it.
    expect(await rejection(authedFetch('/nowhere'))).toMatchObject({ message: 'HTTP 404' });
    expect(await rejection(axiosClient(auth, baseUrl).get('/nowhere'))).toMatchObject({ response: { status: 404 } });
  });

  it('aborts the request when its caller aborts', async () => {
    const { auth, baseUrl, arrivals, hang } = await startService();
    const controller = new AbortController();
    hang();
    const call = rejection(axiosClient(auth, baseUrl).get('/users/me/posts', { signal: controller.signal }));
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'pending' }]);
    controller.abort();
    expect(await call).toMatchObject({ name: 'CanceledError' });
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('rejects with signed_out as the cause when there is no session', async () => {
    const { auth, baseUrl } = await startService();
    await auth.signOut();
    expect(codeOf((await rejection(axiosClient(auth, baseUrl).post('/users/me/posts', { text: 'hello' }))).cause)).toBe('signed_out');
  });
});
