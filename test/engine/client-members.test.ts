import { observe } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { simulate } from 'unexpired/testing';
import { expect, it } from 'vitest';
import { createBotTokens } from 'unexpired/bonfire';
import { BASE_URL, createSetup } from '../support/setup.ts';

it('every member of a client works without the client', async () => {
  const setup = createSetup();
  const { until } = setup.world;
  const { auth } = setup.open();
  const { getSnapshot, subscribe, ready, signIn, signOut, getAccessToken, refresh, fetch, fetchWith, intercept, dispose } = auth;
  const seen: string[] = [];
  const releases = [
    subscribe(() => void seen.push('change')),
    observe(auth, ({ type }) => void seen.push(type)),
    intercept((request, next) => (seen.push('interceptor'), next(request))),
  ];
  expect((await until(ready())).status).toBe('signedOut');
  const { accessToken } = await until(signIn(createBotTokens(setup.protocol, ['ember'])));
  expect(await until(getAccessToken())).toBe(accessToken);
  expect((await until(refresh())).accessToken).not.toBe(accessToken);
  expect((await until(fetch('/users/me'))).status).toBe(200);
  expect((await until(fetchWith([])('/users/me'))).status).toBe(200);
  expect(seen).toEqual(expect.arrayContaining(['change', 'signInStarted', 'interceptor', 'callSettled']));
  await until(signOut());
  expect(getSnapshot().status).toBe('signedOut');
  for (const release of releases) release();
  dispose();
});

it('simulate() finds the client behind a copy that replaces a member', async () => {
  const setup = createSetup();
  const { auth } = await setup.openSignedIn();
  const { accessToken } = auth.getSnapshot().tokens!;
  const copy = { ...auth, signOut: () => Promise.resolve() };
  simulate(copy, 'expired');
  expect(await setup.world.until(copy.getAccessToken())).not.toBe(accessToken);
});

it('the advice about a 401 without a readable header is printed once, by a platform whose `warn` needs its object', async () => {
  const setup = createSetup();
  const { platform } = setup.world.openTab();
  const answers: [number, Record<string, string>][] = [[403, {}], [401, { 'www-authenticate': 'Basic' }], [401, {}], [401, {}]];
  const printing = {
    ...platform,
    texts: [] as string[],
    warn(text: string) {
      this.texts.push(text);
    },
    fetch: () => {
      const [status, headers] = answers.shift()!;
      return Promise.resolve(new Response('', { status, headers }));
    },
  };
  const { auth } = setup.open({
    platform: printing,
    protocol: oauth2({ tokenEndpoint: `${BASE_URL}/oauth`, clientId: 'app', resourceOrigins: [new URL(BASE_URL).origin] }),
  });
  await setup.world.until(auth.signIn({ accessToken: 'a', expiresAt: null, scopes: [] }));
  const printed: number[] = [];
  while (answers.length > 0) {
    await setup.world.until(auth.fetch('/posts'));
    printed.push(printing.texts.length);
  }
  expect(printed).toEqual([0, 0, 1, 1]);
  expect(printing.texts[0]).toContain('Access-Control-Expose-Headers: WWW-Authenticate');
});
