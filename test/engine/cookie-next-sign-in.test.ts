import { inCookie } from 'unexpired/core';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { createCookieJar } from 'unexpired/testing';
import { expect, it } from 'vitest';
import { BASE_URL, createSetup } from '../support/setup.ts';

it('a sign-in over a session keeps the cookie that it has just got', async () => {
  const { api, world, open } = createSetup({ refreshToken: 'cookie' });
  world.jar = createCookieJar(api.fetch, { now: world.now });
  const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key', refreshToken: inCookie(), signOutPath: '/sign-out' });
  const { auth } = open({ protocol });
  for (const bot of ['ember', 'ember', 'spark']) {
    await world.until(auth.signIn(createBotTokens(protocol, [bot])));
    await world.advance(1000);
    expect(world.jar.cookies).toHaveLength(1);
    expect((await world.until(auth.refresh())).accessToken).toMatch(/^eyJ/);
  }
  expect(api.calls.filter(({ endpoint }) => endpoint === 'signOut')).toEqual([]);
  await world.until(auth.signOut());
  await world.advance(1000);
  expect(world.jar.cookies).toEqual([]);
  expect(api.sessions.at(-1)).toMatchObject({ botId: 'spark', alive: false, reuses: 0 });
});
