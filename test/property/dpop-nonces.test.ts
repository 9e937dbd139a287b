import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDpopServer } from '../support/dpop-server.ts';

afterEach(() => vi.restoreAllMocks());

/** What happens between two calls: nothing, another nonce of a side, the end of the access token, or a wrong device clock. */
const happening = fc.constantFrom('nothing', 'api nonce', 'token nonce', 'expiry', 'clock ahead', 'clock behind');

describe('over any changes of nonces, clocks and tokens', () => {
  it('each call is answered, no refresh token is sent twice after a grant, and a nonce costs one request', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), async (happenings, burst) => {
        vi.restoreAllMocks();
        const server = createDpopServer();
        const { auth } = await server.openSignedIn();
        let drawn = 0;
        for (const event of happenings) {
          if (event === 'api nonce') server.nonces.api = `api-${++drawn}`;
          if (event === 'token nonce') server.nonces.token = `token-${++drawn}`;
          if (event === 'expiry') await server.world.sleep(61_000);
          if (event.startsWith('clock')) server.world.skewMs += event === 'clock ahead' ? 3_600_000 : -3_600_000;
          const before = server.requests.length;
          const statuses = await server.world.until(Promise.all(Array.from({ length: burst }, async () => (await auth.fetch('/posts', { method: 'POST', body: 'kept' })).status)));
          expect(new Set(statuses)).toEqual(new Set([200]));
          const sent = server.requests.slice(before);
          expect(sent.filter(({ url }) => url.endsWith('/posts')).length).toBeLessThanOrEqual(burst * 4);
          expect(sent.filter(({ body, status }) => body.includes('grant_type=refresh_token') && status === 200).length).toBeLessThanOrEqual(1);
        }
        const granted = server.requests.filter(({ body, status }) => body.includes('grant_type=refresh_token') && status === 200).map(({ body }) => body);
        expect(new Set(granted).size).toBe(granted.length);
        expect(auth.getSnapshot().status).toBe('signedIn');
        expect(server.requests.filter(({ url, body }) => url.endsWith('/posts') && body !== 'kept')).toEqual([]);
        expect(new Set(server.requests.map(({ jkt }) => jkt)).size).toBe(1);
        auth.dispose();
      }),
      { numRuns: 60 },
    );
  });
});
