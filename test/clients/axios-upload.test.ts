import { describe, expect, it } from 'vitest';
import { createUpload } from './recipes/axios-upload.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService } from './support/service.ts';

const PATH = '/v1/users/me/posts';

function form(): FormData {
  const data = new FormData();
  data.append('text', 'hello');
  data.append('picture', new Blob(['x'.repeat(200_000)]), 'picture.png');
  return data;
}

describe('an upload by axios', () => {
  it('is sent again as a whole and reports its progress when the token was revoked', async () => {
    const { api, auth, baseUrl, arrivals } = await startService();
    const upload = createUpload(auth);
    api.revokeAccessTokens();
    const loaded: number[] = [];
    await rejection(upload(`${baseUrl}/users/me/posts`, form(), { onUploadProgress: (progress) => loaded.push(progress.loaded) })).catch(() => undefined);
    const [first, second, ...others] = arrivals(PATH);
    expect([first?.status, others]).toEqual([401, []]);
    expect(second?.status).not.toBe(401);
    expect(second?.body.length).toBeGreaterThan(200_000);
    expect(Math.max(...loaded)).toBeGreaterThan(200_000);
    expect(api.counts.refreshes).toBe(1);
  });

  it('costs one refresh when six of them are rejected at the same time', async () => {
    const { api, auth, baseUrl, arrivals } = await startService();
    const upload = createUpload(auth);
    api.revokeAccessTokens();
    await Promise.allSettled(Array.from({ length: 6 }, () => upload(`${baseUrl}/users/me/posts`, form())));
    const statuses = arrivals(PATH).map(({ status }) => status);
    expect([statuses.filter((status) => status === 401).length, statuses.length, api.counts.refreshes]).toEqual([6, 12, 1]);
  });

  it('is not sent again when the user signs out meanwhile', async () => {
    const { api, auth, baseUrl, arrivals } = await startService();
    const upload = createUpload(auth);
    api.revokeAccessTokens();
    const failed = rejection(upload(`${baseUrl}/users/me/posts`, form(), { onUploadProgress: () => void auth.signOut() }));
    expect(codeOf(await failed)).toBe('signed_out');
    expect(arrivals(PATH)).toMatchObject([{ status: 401 }]);
  });

  it('keeps the error of axios for any other answer', async () => {
    const { api, auth, baseUrl } = await startService();
    const upload = createUpload(auth);
    expect(await rejection(upload(`${baseUrl}/nowhere`, form()))).toMatchObject({ name: 'AxiosError', status: 404 });
    expect(api.counts.refreshes).toBe(0);
  });
});
