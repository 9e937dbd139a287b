import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';
import type { StorageFault } from '../support/world/storage.ts';

const RETRY_MS = 30_000;

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

async function openTwo() {
  const tabs = [setup.open(), setup.open()] as const;
  for (const { auth } of tabs) await setup.world.until(auth.ready());
  return tabs;
}

const setFault = (fault: StorageFault) => void (setup.world.storage.fault = fault);

const tokensOf = (accessToken: string) => ({ accessToken, refreshToken: `${accessToken}-r`, expiresAt: setup.world.now() + 3_600_000, scopes: [] });

describe('a change that storage carries out without an answer', () => {
  it('does not end the session of a later sign-in if it is an earlier sign-in', async () => {
    const first = setup.open();
    await setup.world.until(first.auth.signIn(tokensOf('a')));
    setFault('silentBefore');
    const second = setup.open();
    await setup.world.until(second.auth.signIn(tokensOf('b')));
    setFault('silentAfter');
    await setup.world.advance(RETRY_MS);
    await setup.world.until(first.auth.signIn(tokensOf('c')));
    await setup.world.advance(RETRY_MS);
    setFault('none');
    await setup.world.advance(RETRY_MS);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().tokens?.accessToken).toBe('c');
  });

  it('does not end the session of a later sign-in if it is an earlier sign-out', async () => {
    const [first, second] = await openTwo();
    setFault('silentAfter');
    expect(await setup.world.until(rejection(first.auth.signOut()))).toMatchObject({ code: 'storage_unavailable' });
    setFault('none');
    await setup.world.until(second.auth.signIn(tokensOf('b')));
    await setup.world.advance(RETRY_MS);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().tokens?.accessToken).toBe('b');
  });
});

describe('a sign-in while storage does not answer', () => {
  it('counts more than an earlier sign-in in another tab that its tab could not read', async () => {
    const [first, second] = await openTwo();
    await setup.world.until(first.auth.signIn(tokensOf('a')));
    await setup.world.advance(100);
    setFault('readsFail');
    await setup.signIn(first.auth);
    await setup.world.until(first.auth.refresh());
    setFault('silentBefore');
    await setup.world.until(second.auth.signIn(tokensOf('c')));
    setFault('none');
    await setup.world.advance(RETRY_MS);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().tokens?.accessToken).toBe('c');
  });
});

describe('storage that did not answer for five minutes', () => {
  it('makes no call fail once it answers again, because the attempts that were not sent lead to a short wait only', async () => {
    const { auth } = await setup.openSignedIn();
    setFault('silentBefore');
    for (let calls = 0; calls < 5; calls++) {
      await setup.world.advance(5 * LIFETIME_MS + calls * 7000);
      setFault('none');
      expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
      setFault('silentBefore');
    }
  });
});
