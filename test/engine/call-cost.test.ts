import { createAuthClient, memory } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { expect, it, onTestFinished, vi } from 'vitest';

/** Counts the `Headers` that a call creates. */
async function headersOf(init: RequestInit | undefined): Promise<number> {
  let created = 0;
  const { Headers: RealHeaders } = globalThis;
  vi.stubGlobal('fetch', async () => new Response('{}'));
  onTestFinished(() => void vi.unstubAllGlobals());
  const auth = createAuthClient({ protocol: oauth2({ tokenEndpoint: 'https://auth.test/token', clientId: 'app', resourceOrigins: ['https://api.test'], baseUrl: 'https://api.test' }), storage: memory() });
  onTestFinished(() => auth.dispose());
  await auth.signIn({ accessToken: 'good', refreshToken: 'next', expiresAt: null, scopes: [] });
  vi.stubGlobal('Headers', class extends RealHeaders {
    constructor(...values: ConstructorParameters<typeof RealHeaders>) {
      super(...values);
      created += 1;
    }
  });
  expect((await auth.fetch('/posts', init)).status).toBe(200);
  return created;
}

it('a call without headers creates no Headers, which would be its costliest object', async () => {
  expect(await headersOf(undefined)).toBe(0);
  expect(await headersOf({ method: 'POST', body: 'text' })).toBe(0);
});

it('a call with headers creates Headers to look for one that carries a token', async () => {
  expect(await headersOf({ headers: { accept: 'text/plain' } })).toBe(1);
});
