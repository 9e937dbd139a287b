import { describe, expect, it } from 'vitest';
import { patience } from '../support/pace.ts';
import { kyClient } from './recipes/ky.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService } from './support/service.ts';

const PATH = '/v1/users/me/posts';

describe('ky', () => {
  it('posts the same body again when the token was revoked', async () => {
    const { api, auth, baseUrl, arrivals } = await startService();
    api.revokeAccessTokens();
    const answer = await kyClient(auth, baseUrl).post('users/me/posts', { json: { text: 'hello' } }).json();
    expect(answer).toMatchObject({ data: { attributes: { text: 'hello' } } });
    const body = '{"text":"hello"}';
    expect(arrivals(PATH)).toEqual([{ method: 'POST', body, status: 401 }, { method: 'POST', body, status: 201 }]);
    expect(api.counts.refreshes).toBe(1);
  });

  it('aborts the request when its caller aborts', async () => {
    const { auth, baseUrl, arrivals, hang } = await startService();
    const controller = new AbortController();
    hang();
    const call = rejection(kyClient(auth, baseUrl).get('users/me/posts', { signal: controller.signal }).json());
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'pending' }]);
    controller.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('aborts a request that exceeds its timeout', async () => {
    const { auth, baseUrl, arrivals, hang } = await startService();
    hang();
    const timeout = patience(300); // The request has to reach the API before.
    expect(await rejection(kyClient(auth, baseUrl).get('users/me/posts', { timeout }).json())).toMatchObject({ name: 'TimeoutError' });
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('rejects with signed_out without a retry when there is no session', async () => {
    const { auth, baseUrl, arrivals } = await startService();
    await auth.signOut();
    let retries = 0;
    const client = kyClient(auth, baseUrl).extend({ hooks: { beforeRetry: [() => void (retries += 1)] } });
    expect(codeOf(await rejection(client.put('posts/1', { json: { text: 'hello' } }).json()))).toBe('signed_out');
    expect([retries, arrivals('/v1/posts/1')]).toEqual([0, []]);
  });
});
