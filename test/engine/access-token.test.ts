import type { AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, type Setup } from '../support/setup.ts';

let setup: Setup;
let auth: AuthClient;

beforeEach(async () => {
  setup = createSetup();
  ({ auth } = setup.open());
  await setup.signIn(auth);
});

describe('getAccessToken', () => {
  it('resolves to the current token without a refresh while the token is valid', async () => {
    expect(await setup.world.until(auth.getAccessToken())).toBe(auth.getSnapshot().tokens?.accessToken);
    expect(setup.answers('refresh')).toEqual([]);
  });

  it('refreshes first if the token expires within `minValidityMs`', async () => {
    await setup.world.advance(35_000);
    const before = auth.getSnapshot().tokens?.accessToken;
    expect(await setup.world.until(auth.getAccessToken({ minValidityMs: 28_000 }))).not.toBe(before);
  });

  it('refreshes at most once over two calls if `minValidityMs` is longer than the life of any token', async () => {
    await setup.world.until(auth.getAccessToken({ minValidityMs: 86_400_000 }));
    await setup.world.until(auth.getAccessToken({ minValidityMs: 86_400_000 }));
    expect(setup.answers('refresh').length).toBeLessThanOrEqual(1);
  });
});
