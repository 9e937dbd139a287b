import type { Setup } from './setup.ts';

/** Signs in as a page of the API's own does, so that only the cookie has the session. */
export async function signInByServer({ protocol, jar }: Setup): Promise<void> {
  const { url, method, headers, body } = protocol.tokenRequest('/bots', { grant_type: 'client_credentials', bots: '["ember"]' });
  await jar?.fetch(url, { method, headers: { ...headers, 'x-csrf': '1' }, body: body ?? null, credentials: 'include' });
}
