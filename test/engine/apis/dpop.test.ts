import { withApis } from 'unexpired/apis';
import { afterEach, expect, it, vi } from 'vitest';
import { createDpopServer } from '../../support/dpop-server.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const FILES = 'https://files.example.com';

it.each([true, false])('the token of each API is proved with the key of the session, also if the sign-in was not bound (%s)', async (isBound) => {
  const server = createDpopServer();
  server.isBinding = isBound;
  const { auth: client } = await server.openSignedIn();
  server.isBinding = true;
  const auth = withApis(client, { [FILES]: { resource: FILES } });
  for (const address of [`${FILES}/a`, '/posts', `${FILES}/b`, '/posts']) expect((await server.world.until(auth.fetch(address))).status).toBe(200);
  const [files, posts] = ['/a', '/posts'].map((path) => server.requests.findLast(({ url }) => url.endsWith(path)));
  expect(files?.authorization).toMatch(/^DPoP /);
  expect(posts?.authorization).toMatch(isBound ? /^DPoP / : /^Bearer /);
  await server.world.until(auth.refresh());
  expect((await server.world.until(auth.fetch('/posts'))).status).toBe(200);
  expect(server.requests.at(-1)).toMatchObject({ jkt: files?.jkt, authorization: expect.stringMatching(/^DPoP /) });
  expect(await server.kept()).toEqual([files?.jkt]);
});
