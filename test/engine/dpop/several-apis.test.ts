import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withApis } from 'unexpired/apis';
import { createDpopServer, ORIGIN, type DpopServer } from '../../support/dpop-server.ts';

const FILES = 'https://files.example.com';

let server: DpopServer;
beforeEach(() => {
  server = createDpopServer();
});
afterEach(() => vi.restoreAllMocks());

it('the access token of each API is proved with the one key of the session', async () => {
  const { auth } = await server.openSignedIn();
  const apis = withApis(auth, { [FILES]: { resource: `${FILES}/` } });
  for (let round = 0; round < 3; round++) {
    for (const address of [`${FILES}/list`, `${ORIGIN}/posts`]) expect((await server.world.until(apis.fetch(address))).status).toBe(200);
    await server.world.sleep(61_000);
  }
  const calls = server.requests.filter(({ url }) => !url.startsWith('https://id.'));
  expect(new Set(calls.map(({ authorization }) => authorization?.split(' ')[0]))).toEqual(new Set(['DPoP']));
  expect(new Set(server.requests.map(({ jkt }) => jkt))).toEqual(new Set(await server.kept()));
});
