import { describe, expect, it } from 'vitest';
import { ofetchClient } from './recipes/ofetch.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService } from './support/service.ts';

const PATH = '/v1/users/me/posts';

describe('ofetch', () => {
  it('posts the same body again when the token was revoked', async () => {
    const { api, auth, baseUrl, arrivals } = await startService();
    api.revokeAccessTokens();
    const answer: unknown = await ofetchClient(auth, baseUrl)('/users/me/posts', { method: 'POST', body: { text: 'hello' } });
    expect(answer).toMatchObject({ data: { attributes: { text: 'hello' } } });
    const body = '{"text":"hello"}';
    expect(arrivals(PATH)).toEqual([{ method: 'POST', body, status: 401 }, { method: 'POST', body, status: 201 }]);
    expect(api.counts.refreshes).toBe(1);
  });

  it('aborts the request when its caller aborts', async () => {
    const { auth, baseUrl, arrivals, hang } = await startService();
    const controller = new AbortController();
    hang();
    const call = rejection(ofetchClient(auth, baseUrl)('/users/me/posts', { signal: controller.signal }));
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'pending' }]);
    controller.abort();
    expect(await call).toMatchObject({ name: 'FetchError', cause: { name: 'AbortError' } });
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('rejects with signed_out as the cause when there is no session', async () => {
    const { auth, baseUrl } = await startService();
    await auth.signOut();
    const call = ofetchClient(auth, baseUrl)('/users/me/posts', { method: 'POST', body: { text: 'hello' } });
    expect(codeOf((await rejection(call)).cause)).toBe('signed_out');
  });
});
