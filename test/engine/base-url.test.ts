import { bonfire } from 'unexpired/bonfire';
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
  await setup.world.until(auth.signIn(protocol.createBotTokens(['ember'])));
  expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  expect(requested).toEqual(['https://api.bonfire.test/v1/oauth/bots', 'https://api.bonfire.test/v1/users/me']);
});

it('the base URL / is the root of the page’s origin', async () => {
  const { setup, auth, requested } = openPage('https://api.bonfire.test/app/page', '/');
  await setup.world.until(auth.fetch('/v1/posts'));
  expect(requested).toEqual(['https://api.bonfire.test/v1/posts']);
});

it('a path as baseUrl is refused outside a page at the first call, with an address that would do', async () => {
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
