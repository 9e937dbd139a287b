import { defineGrant, type Answer, type GrantOutcome } from 'unexpired/core';
import { createBotTokens } from 'unexpired/bonfire';
import { beforeEach, expect, it } from 'vitest';
import { createSetup, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

// claim: sign-in-takes-one-token-set
it('signIn() refuses a grant that yields two token sets', async () => {
  const { auth } = setup.open();
  const error = await setup.world.until(rejection(auth.signIn(createBotTokens(setup.protocol, ['ember', 'cinder']))));
  expect(error).toMatchObject({ code: 'invalid_config', field: 'grant' });
});

it.each([
  ['accessToken', { accessToken: '', expiresAt: null, scopes: [] }],
  ['accessToken', { accessToken: 'with space', expiresAt: null, scopes: [] }],
  ['refreshToken', { accessToken: 'a', refreshToken: 7, expiresAt: null, scopes: [] }],
  ['expiresAt', { accessToken: 'a', expiresAt: '2026-01-01', scopes: [] }],
  ['expiresAt', { accessToken: 'a', scopes: [] }],
  ['expiresAt', { accessToken: 'a', expiresAt: 1_795_000_000, scopes: [] }],
  ['expiresAt', { accessToken: 'a', expiresAt: 3600, scopes: [] }],
  ['expiresAt', { accessToken: 'a', expiresAt: 1_795_000_000_000.5, scopes: [] }],
  ['issuedAt', { accessToken: 'a', expiresAt: null, issuedAt: 1_795_000_000, scopes: [] }],
  ['scopes', { accessToken: 'a', expiresAt: null, scopes: 'posts' }],
  ['tokens', null],
])('signIn() refuses a wrong `%s`, names it and keeps the current session', async (field, input) => {
  const { auth } = setup.open();
  await setup.signIn(auth);
  const error = await setup.world.until(rejection(auth.signIn(input as never)));
  expect(error).toMatchObject({ code: 'invalid_config', field });
  expect(auth.getSnapshot().status).toBe('signedIn');
});

it.each([
  ['a promise', Promise.resolve({}), 'it is a promise, so await it'],
  ['a `Response`', new Response('{}'), 'it is a `Response`, so read its JSON'],
  ['a token response', { access_token: 'the-secret', expires_in: 20 }, 'convert it with `fromTokenResponse`'],
  ['a grant as data', { request: { url: '/login' }, read: () => 'the-secret' }, 'write `defineGrant({ … })` around it'],
  ['a set without `accessToken`', { expiresAt: null, scopes: [] }, '`accessToken` must be a non-empty string without spaces; it is undefined.'],
  ['a `Date` as `expiresAt`', { accessToken: 'the-secret', expiresAt: new Date(), scopes: [] }, 'or null if unknown; its type is object.'],
  ['NaN as `expiresAt`', { accessToken: 'the-secret', expiresAt: NaN, scopes: [] }, 'or null if unknown; it is NaN.'],
  ['seconds as `expiresAt`', { accessToken: 'the-secret', expiresAt: 1_795_000_000, scopes: [] }, '1795000000 is in seconds, or a duration.'],
  ['a secret with a space', { accessToken: 'the-secret with space', expiresAt: null, scopes: [] }, 'without spaces; its type is string.'],
])('signIn() names the mistake if it is given %s', async (_, input, words) => {
  const { message } = (await setup.world.until(rejection(setup.open().auth.signIn(input as never)))) as Error;
  expect(message).toContain(words);
  expect(message).not.toContain('the-secret');
});

it('signIn() refuses a custom grant that yields invalid tokens, and keeps the current session', async () => {
  const { auth } = setup.open();
  await setup.signIn(auth);
  const { tokens } = auth.getSnapshot();
  const { request } = createBotTokens(setup.protocol, ['ember']);
  const read = ({ body }: Answer): GrantOutcome => ({ kind: 'granted', tokens: { ember: JSON.parse(body) } });
  expect(await setup.world.until(rejection(auth.signIn(defineGrant({ request, read }))))).toMatchObject({ code: 'invalid_config', field: 'accessToken' });
  expect(auth.getSnapshot().tokens).toEqual(tokens);
});

it.each([0, 3_600_000, 1_795_000_000_000])('signIn() accepts %i ms as expiresAt if the device’s clock starts at 0, as in a test', async (expiresAt) => {
  setup.world.skewMs = -setup.world.now();
  const { auth } = setup.open();
  await setup.world.until(auth.signIn({ accessToken: 'a', expiresAt, scopes: [] }));
  expect(auth.getSnapshot().tokens).toEqual({ accessToken: 'a', expiresAt, scopes: [] });
});

it('signIn() accepts a grant that counts `expires_in` from `answer.now`, although the clocks of a browser have fractions of a millisecond', async () => {
  const { platform } = setup.world.openTab();
  const { auth } = setup.open({
    platform: {
      ...platform,
      now: () => ({ ...platform.now(), monotonic: platform.now().monotonic * 1.0007 }),
      fetch: async (input, init) => new Response((await platform.fetch(input, init)).body), // Across origins, `Date` is not exposed.
    },
  });
  const { request } = createBotTokens(setup.protocol, ['ember']);
  const read = ({ now }: Answer): GrantOutcome => ({ kind: 'granted', tokens: { ember: { accessToken: 'a', expiresAt: now + 3_600_000, scopes: [] } } });
  await setup.world.until(auth.signIn(defineGrant({ request, read })));
  expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: { accessToken: 'a' } });
});
