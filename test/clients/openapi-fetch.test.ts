import { describe, expect, it } from 'vitest';
import { openapiClient } from './recipes/openapi-fetch.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService } from './support/service.ts';

const PATH = '/v1/users/me/posts';

/** The types that `openapi-typescript` would generate for the two operations used here. */
interface Paths {
  '/users/me/posts': {
    get: { responses: { 200: { content: { 'application/json': { data: { id: number }[] } } } } };
    post: {
      requestBody: { content: { 'application/json': { text: string } } };
      responses: { 201: { content: { 'application/json': { data: { attributes: { text: string } } } } } };
    };
  };
}

describe('openapi-fetch', () => {
  it('posts the same body again when the token was revoked', async () => {
    const { api, auth, baseUrl, arrivals } = await startService();
    api.revokeAccessTokens();
    const { data } = await openapiClient<Paths>(auth, baseUrl).POST('/users/me/posts', { body: { text: 'hello' } });
    expect(data?.data.attributes.text).toBe('hello');
    const body = '{"text":"hello"}';
    expect(arrivals(PATH)).toEqual([{ method: 'POST', body, status: 401 }, { method: 'POST', body, status: 201 }]);
    expect(api.counts.refreshes).toBe(1);
  });

  it('aborts the request when its caller aborts', async () => {
    const { auth, baseUrl, arrivals, hang } = await startService();
    const controller = new AbortController();
    hang();
    const call = rejection(openapiClient<Paths>(auth, baseUrl).GET('/users/me/posts', { signal: controller.signal }));
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'pending' }]);
    controller.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('rejects with signed_out when there is no session', async () => {
    const { auth, baseUrl } = await startService();
    await auth.signOut();
    expect(codeOf(await rejection(openapiClient<Paths>(auth, baseUrl).POST('/users/me/posts', { body: { text: 'hello' } })))).toBe('signed_out');
  });
});
