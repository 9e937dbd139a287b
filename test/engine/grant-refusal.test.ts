import type { AuthError, Grant } from 'unexpired/core';
import { expect, it } from 'vitest';
import { BASE_URL, createSetup, rejection } from '../support/setup.ts';

/** Signs in with a grant that the API refuses with a code. */
async function refusedWith(apiCode: unknown, endReason?: 'suspended', secret = 'hunter2'): Promise<AuthError> {
  const setup = createSetup();
  const { auth } = setup.open();
  const grant: Grant = {
    request: { url: `${BASE_URL}/session`, method: 'POST', headers: {}, body: `password=${secret}`, secrets: [secret] },
    read: () => ({ kind: 'refused', apiCode: apiCode as string, endReason }),
  };
  return (await setup.world.until(rejection(auth.signIn(grant)))) as AuthError;
}

it('a refused grant rejects with the code of the API, which a form maps to its own words', async () => {
  expect(await refusedWith('wrong_password')).toMatchObject({ code: 'grant_refused', apiCode: 'wrong_password', endReason: null, message: 'The API refuses the grant (wrong_password).' });
  expect(await refusedWith('810', 'suspended')).toMatchObject({ code: 'grant_refused', apiCode: '810', endReason: 'suspended' });
});

it.each([['free text of the API'], ['hunter2'], ['eyJhbGciOiJub25l.eyJzdWIiOiJhYm.c2lnbmF0dXJl'], ['x'.repeat(65)], [undefined], [702]])('a refused grant drops %j, which is not a code', async (apiCode) => {
  const error = await refusedWith(apiCode);
  expect(error).toMatchObject({ code: 'grant_refused', apiCode: null, message: 'The API refuses the grant.' });
});

it('a refused grant keeps a code that contains a short password by coincidence, but no code that contains a long secret', async () => {
  expect((await refusedWith('wrong_password', undefined, 'wrong')).apiCode).toBe('wrong_password');
  expect((await refusedWith('error:a-long-secret', undefined, 'a-long-secret')).apiCode).toBeNull();
});
