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
  it('does not bring the former session back when the API has ended the new one', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth);
    setFault('silentBefore');
    await setup.signIn(auth, 'cinder');
    setup.api.endSession({ botId: 'cinder' }, 451);
    expect(await setup.world.until(rejection(auth.fetch('/users/me')))).toMatchObject({ code: 'session_ended' });
    setFault('none');
    await setup.world.advance(RETRY_MS);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'refresh_token_invalid' });
  });

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

describe('of two acts in two tabs that did not see each other, because storage was slow,', () => {
  async function openSignedIn() {
    const tabs = await openTwo();
    await setup.world.until(tabs[0].auth.signIn(tokensOf('a')));
    await setup.world.advance(100);
    return tabs;
  }

  async function recover() {
    setup.world.storage.slowMs = 0;
    setFault('none');
    await setup.world.advance(RETRY_MS);
  }

  it('a sign-in counts more than two earlier sign-outs', async () => {
    const [first, second] = await openSignedIn();
    setup.world.storage.slowMs = 8000;
    for (let signOuts = 0; signOuts < 2; signOuts++) {
      expect(await setup.world.until(rejection(first.auth.signOut()))).toMatchObject({ code: 'storage_unavailable' });
    }
    await setup.world.until(second.auth.signIn(tokensOf('b')));
    await recover();
    for (const { auth } of [first, second]) expect(auth.getSnapshot().tokens?.accessToken).toBe('b');
  });

  it('a sign-out counts more than an earlier sign-in', async () => {
    const [first, second] = await openSignedIn();
    setFault('silentBefore');
    await setup.world.until(second.auth.signIn(tokensOf('b')));
    expect(await setup.world.until(rejection(first.auth.signOut()))).toMatchObject({ code: 'storage_unavailable' });
    await recover();
    for (const { auth } of [first, second]) expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'sign_out' });
  });

  it.each([[true], [false]])('the later sign-in counts, even if only it was stored at once (the tab of the earlier one has read storage: %s)', async (hasRead) => {
    const [first] = await openSignedIn();
    setFault('silentBefore');
    const second = hasRead ? first : setup.open();
    await setup.world.until(second.auth.signIn(tokensOf('b')));
    setFault('none');
    const third = setup.open();
    await setup.world.until(third.auth.signIn(tokensOf('c')));
    await recover();
    for (const { auth } of [first, second, third]) expect(auth.getSnapshot().tokens?.accessToken).toBe('c');
  });
});

describe('a sign-in in a tab that could not read storage', () => {
  it.each([[true], [false]])('counts more than an earlier one in another tab, although the clock was set back in between (its tab was open before: %s)', async (wasOpen) => {
    const first = setup.open();
    const early = setup.open();
    await setup.world.until(early.auth.ready());
    await setup.world.until(first.auth.signIn(tokensOf('a')));
    setFault('silentBefore');
    setup.world.skewMs = -3_600_000;
    const second = wasOpen ? early : setup.open();
    await setup.world.until(second.auth.signIn(tokensOf('b')));
    await setup.world.advance(wasOpen ? 3_600_000 : RETRY_MS);
    setFault('none');
    await setup.world.advance(RETRY_MS);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().tokens?.accessToken).toBe('b');
  });

  it('is not refused because of an earlier sign-out that storage shows only when it works again', async () => {
    const first = setup.open();
    await setup.world.until(first.auth.signIn(tokensOf('a')));
    await setup.world.until(first.auth.signOut());
    await setup.world.advance(1000);
    setFault('readsFail');
    const second = setup.open();
    const signedIn = second.auth.signIn(() => new Promise((resolve) => void second.tab.platform.setTimer(() => resolve(tokensOf('b')), 10_000)));
    await setup.world.advance(5000);
    setFault('none');
    await setup.world.until(signedIn);
    await setup.world.advance(RETRY_MS);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().tokens?.accessToken).toBe('b');
  });

  it('is refused if another tab has signed out since it began', async () => {
    const first = setup.open();
    await setup.world.until(first.auth.signIn(tokensOf('a')));
    setFault('readsFail');
    const second = setup.open();
    const refused = rejection(second.auth.signIn(() => new Promise((resolve) => void second.tab.platform.setTimer(() => resolve(tokensOf('b')), 10_000))));
    await setup.world.advance(5000);
    setFault('none');
    await setup.world.until(first.auth.signOut());
    expect(await setup.world.until(refused)).toMatchObject({ code: 'session_changed' });
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
