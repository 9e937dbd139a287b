import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { expect, it } from 'vitest';
import { createSetup, rejection } from '../support/setup.ts';

/** A tab of a page at the API's origin, and the addresses that it requests. */
function openPage(pageUrl: string | null, baseUrl = '/v1') {
  const setup = createSetup();
  const { platform } = setup.world.openTab();
  const requested: string[] = [];
  const protocol = bonfire({ baseUrl, appKey: 'app-key' });
  const { auth } = setup.open({
    protocol,
    platform: {
      ...platform,
      pageUrl: () => pageUrl,
      fetch(input, init) {
        requested.push(String(input instanceof Request ? input.url : input));
        return platform.fetch(input, init);
      },
    },
  });
  return { setup, auth, protocol, requested };
}

it('a path as baseUrl is resolved against the page, for calls and for token requests', async () => {
  const { setup, auth, protocol, requested } = openPage('https://api.bonfire.test/app/page?x=1#top');
  await setup.world.until(auth.signIn(createBotTokens(protocol, ['ember'])));
  expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  expect(requested).toEqual(['https://api.bonfire.test/v1/oauth/bots', 'https://api.bonfire.test/v1/users/me']);
});

it('the base URL / is the root of the page’s origin', async () => {
  const { setup, auth, requested } = openPage('https://api.bonfire.test/app/page', '/');
  await setup.world.until(auth.fetch('/v1/posts'));
  expect(requested).toEqual(['https://api.bonfire.test/v1/posts']);
});

it('a path as baseUrl is refused outside a page at the first call, with an example of an address that works', async () => {
  const { auth } = openPage(null);
  expect(await rejection(auth.fetch('/posts'))).toMatchObject({ code: 'invalid_config', field: 'baseUrl', message: expect.stringContaining('"https://app.example.com/v1"') });
});

it('a path in a Request is refused with a hint, because it was resolved against the page', async () => {
  const setup = createSetup();
  const { auth } = setup.open();
  const error = await rejection(auth.fetch(new Request(new URL('/posts', 'https://app.bonfire.test/'))));
  expect(error).toMatchObject({ code: 'origin_not_allowed', message: expect.stringContaining('resolved against the page') });
  expect(await rejection(auth.fetch('https://elsewhere.test/posts'))).toMatchObject({ code: 'origin_not_allowed', message: expect.stringContaining('add it to `allowedOrigins`') });
});

it.each(['/..//evil.test', '/.//evil.test', '/%2e%2e//evil.test', '/api/../..//evil.test', '/\t/evil.test', '/\n\\evil.test'])('%j is refused as baseUrl, because it would name another host', (baseUrl) => {
  expect(() => bonfire({ baseUrl, appKey: 'app-key' })).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'baseUrl' }));
});

it.each([
  'file:///home/user/index.html', 'capacitor://localhost/index.html', 'about:blank', 'about:srcdoc', 'data:text/html,page', 'blob:https://api.bonfire.test/4f1c',
])('a path as baseUrl is refused in a page at %s, because it has no http(s) origin', async (pageUrl) => {
  const { setup, auth, requested } = openPage(pageUrl);
  for (const address of ['/posts', '//evil.test/posts', 'file:///etc/hosts', 'capacitor://evil/posts', 'data:,posts']) {
    expect(await setup.world.until(rejection(auth.fetch(address, { headers: { authorization: 'Bearer own' } })))).toMatchObject({ code: 'invalid_config', field: 'baseUrl' });
  }
  expect(requested).toEqual([]);
});

it('credentials in the page’s address do not become part of the base URL', async () => {
  const { setup, auth, protocol, requested } = openPage('https://user:password@api.bonfire.test/app');
  await setup.world.until(auth.signIn(createBotTokens(protocol, ['ember'])));
  expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  expect(requested).toEqual(['https://api.bonfire.test/v1/oauth/bots', 'https://api.bonfire.test/v1/users/me']);
});

it('a protocol-relative address in a page does not continue the base URL', async () => {
  const { setup, auth } = openPage('https://api.bonfire.test/app');
  for (const address of ['//evil.test/posts', '/\\evil.test/posts', '\\/evil.test/posts', '/\t/evil.test/posts']) {
    expect(await setup.world.until(rejection(auth.fetch(address)))).toMatchObject({ code: 'origin_not_allowed', message: expect.stringContaining('https://evil.test') });
  }
});
