import fc from 'fast-check';
import { defineGrant, type AuthError, type TokenRequest } from 'unexpired/core';
import { expect, it } from 'vitest';
import { BASE_URL, createSetup, rejection } from '../support/setup.ts';

const signInWith = (body: string): TokenRequest => ({ url: `${BASE_URL}/session`, method: 'POST', headers: {}, body });

/** Signs in with a grant that the API refuses with a code. */
async function refusedWith(apiCode: unknown, endReason?: 'suspended', request = signInWith('password=hunter2')): Promise<AuthError> {
  const setup = createSetup();
  const { auth } = setup.open();
  const grant = defineGrant({ request, read: () => ({ kind: 'refused', apiCode: apiCode as string, endReason }) });
  return (await setup.world.until(rejection(auth.signIn(grant)))) as AuthError;
}

it('a refused grant rejects with the code of the API, which a form maps to its own words', async () => {
  expect(await refusedWith('wrong_password')).toMatchObject({ code: 'grant_refused', apiCode: 'wrong_password', endReason: null, message: 'The API refuses the grant (wrong_password).' });
  expect(await refusedWith('810', 'suspended')).toMatchObject({ code: 'grant_refused', apiCode: '810', endReason: 'suspended' });
});

it.each([['free text of the API'], ['hunter2'], ['x'.repeat(65)], [undefined], [702]])('a refused grant drops %j, which is not a code', async (apiCode) => {
  const error = await refusedWith(apiCode);
  expect(error).toMatchObject({ code: 'grant_refused', apiCode: null, message: 'The API refuses the grant.' });
});

it('a refused grant keeps a code that contains a short password by coincidence', async () => {
  expect((await refusedWith('wrong_password', undefined, signInWith('password=wrong'))).apiCode).toBe('wrong_password');
});

it.each<[string, string, TokenRequest]>([
  ['contains a long secret', 'error:a-long-secret', signInWith('password=a-long-secret')],
  ['is a short secret in JSON', 'pin.1', signInWith('{"user":{"pin":"pin.1"}}')],
  ['is a short secret that a form encodes', 'a:b', signInWith(new URLSearchParams({ password: 'a:b' }).toString())],
  ['is a secret of the address', 's3cret', { ...signInWith(''), url: `${BASE_URL}/session?code=s3cret` }],
  ['is a secret of a header', 'app-key', { ...signInWith(''), headers: { authorization: 'Bearer app-key' } }],
])('a refused grant drops a code that %s', async (_, apiCode, request) => {
  expect(await refusedWith(apiCode, undefined, request)).toMatchObject({ apiCode: null, message: 'The API refuses the grant.' });
});

// claim: no-secret-as-a-code
it('a refused grant never repeats a secret of the request, of any length and in any encoding', async () => {
  const anySecret = fc.stringMatching(/^[\w.:-]{1,64}$/);
  const anyBody = fc.constantFrom((secret: string) => new URLSearchParams({ grant_type: 'password', secret }).toString(), (secret: string) => JSON.stringify({ login: { secret } }), (secret: string) => secret);
  await fc.assert(fc.asyncProperty(anySecret, anyBody, async (secret, bodyOf) => {
    const error = await refusedWith(secret, undefined, signInWith(bodyOf(secret)));
    expect(error).toMatchObject({ apiCode: null, message: 'The API refuses the grant.' });
  }), { numRuns: 60 });
});
