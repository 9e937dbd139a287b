import { Hono } from 'hono';
import { validator } from 'hono/validator';
import { describe, expect, it } from 'vitest';
import { honoClient } from './recipes/hono.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService } from './support/service.ts';

const PATH = '/app/notes';

const app = new Hono()
  .basePath('/app')
  .post('/notes', validator('json', ({ text }: { text: string }) => ({ text })), (context) => context.json({ kept: context.req.valid('json').text }, 201));

describe("Hono's hc", () => {
  it('posts the same body again when the token was revoked', async () => {
    const { api, auth, origin, arrivals } = await startService(app);
    api.revokeAccessTokens();
    const response = await honoClient<typeof app>(auth, origin).app.notes.$post({ json: { text: 'hello' } });
    expect(await response.json()).toEqual({ kept: 'hello' });
    const body = '{"text":"hello"}';
    expect(arrivals(PATH)).toEqual([{ method: 'POST', body, status: 401 }, { method: 'POST', body, status: 201 }]);
    expect(api.counts.refreshes).toBe(1);
  });

  it('aborts the request when its caller aborts', async () => {
    const { auth, origin, arrivals, hang } = await startService(app);
    const controller = new AbortController();
    hang();
    const notes = honoClient<typeof app>(auth, origin).app.notes;
    const call = rejection(notes.$post({ json: { text: 'hello' } }, { init: { signal: controller.signal } }));
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'pending' }]);
    controller.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    await expect.poll(() => arrivals(PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('rejects with signed_out when there is no session', async () => {
    const { auth, origin } = await startService(app);
    await auth.signOut();
    expect(codeOf(await rejection(honoClient<typeof app>(auth, origin).app.notes.$post({ json: { text: 'hello' } })))).toBe('signed_out');
  });
});
