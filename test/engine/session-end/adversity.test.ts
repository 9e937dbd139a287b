import { limitSession, memory } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { createCookieSetup } from '../../support/cookie-setup.ts';
import { createSetup, NOTHING_HELD } from '../../support/setup.ts';
import { HOUR, IDLE, MINUTE, openLimited, statusOf, type LimitedTab } from './support.ts';

/** Opens two tabs of one session. */
async function openTwo() {
  const setup = createSetup();
  const first = openLimited(setup);
  await setup.signIn(first.auth);
  const second = openLimited(setup);
  await setup.world.until(second.auth.ready());
  await setup.world.advance(1000);
  return { setup, first, second };
}

/** Lets one tab be used for a time, and returns the end reason of both. */
async function use({ setup, first, second }: Awaited<ReturnType<typeof openTwo>>, used: LimitedTab, minutes: number) {
  for (let minute = 0; minute < minutes; minute++) {
    await setup.world.advance(MINUTE);
    used.limits.touch();
  }
  return [first, second].map(({ auth }) => auth.getSnapshot().endReason ?? statusOf(auth));
}

describe('activity in one tab counts in the other', () => {
  it.each(['writesFail', 'readsFail'] as const)('while storage fails (%s)', async (fault) => {
    const opened = await openTwo();
    opened.setup.world.storage.fault = fault;
    expect(await use(opened, opened.first, 40)).toEqual(['signedIn', 'signedIn']);
    await opened.setup.world.advance(16 * MINUTE);
    for (const { auth } of [opened.first, opened.second]) expect(auth.getSnapshot().endReason).toBe('idle');
  });

  it('while messages are lost', async () => {
    const opened = await openTwo();
    opened.setup.loseMessages();
    expect(await use(opened, opened.second, 40)).toEqual(['signedIn', 'signedIn']);
  });

  it('after site data was cleared', async () => {
    const opened = await openTwo();
    opened.setup.world.storage.clear();
    expect(await use(opened, opened.second, 40)).toEqual(['signedIn', 'signedIn']);
  });
});

describe('the idle end', () => {
  it('holds for a page that loads after storage failed during the end', async () => {
    const { setup, first, second } = await openTwo();
    setup.world.storage.fault = 'writesFail';
    await setup.world.advance(16 * MINUTE);
    for (const { auth, tab } of [first, second]) {
      expect(auth.getSnapshot().endReason).toBe('idle');
      tab.kill();
    }
    setup.world.storage.fault = 'none';
    expect((await setup.world.until(openLimited(setup).auth.ready())).endReason).toBe('idle');
  });

  it('comes within a second if storage gives no answer', async () => {
    const { setup, first } = await openTwo();
    setup.world.storage.fault = 'silentBefore';
    await setup.world.advance(15 * MINUTE + 1100);
    expect(first.auth.getSnapshot().endReason).toBe('idle');
  });

  // claim: no-token-after-idle
  it('drops the answer of a refresh that is in flight, and comes in all tabs', async () => {
    const { setup, first, second } = await openTwo();
    await setup.world.advance(14 * MINUTE);
    setup.world.lateMs = 120_000;
    setup.faultRefreshes('late');
    void first.auth.refresh().catch(() => undefined);
    await setup.world.advance(10 * MINUTE);
    for (const { auth } of [first, second]) expect(auth.getSnapshot()).toMatchObject({ endReason: 'idle', tokens: null });
    expect(setup.storedText()).not.toContain('accessToken');
  });

  it('is over when the user signs in again', async () => {
    const { setup, first, second } = await openTwo();
    await setup.world.advance(20 * MINUTE);
    await setup.signIn(second.auth);
    await setup.world.advance(10 * MINUTE);
    for (const { auth } of [first, second]) expect(statusOf(auth)).toBe('signedIn');
    await setup.world.advance(6 * MINUTE);
    for (const { auth } of [first, second]) expect(auth.getSnapshot().endReason).toBe('idle');
  });

  it('in one tab with storage of its own does not end the session of another tab', async () => {
    const setup = createSetup();
    const [first, second] = [openLimited(setup, IDLE, { storage: memory() }), openLimited(setup, IDLE, { storage: memory() })];
    await setup.signIn(first.auth);
    await setup.signIn(second.auth);
    for (let minute = 0; minute < 20; minute++) {
      await setup.world.advance(MINUTE);
      second.limits.touch();
    }
    expect([first.auth.getSnapshot().endReason, statusOf(second.auth)]).toEqual(['idle', 'signedIn']);
  });
});

describe('the idle end with the refresh token in a cookie', () => {
  // claim: idle-removes-cookie
  it('lets the API remove the cookie, so that a page that loads restores nothing', async () => {
    const setup = createCookieSetup({ cookie: { hintCookie: 'signed_in', readableDomain: 'bonfire.test' } }, { hintCookie: 'signed_in' });
    const { auth, tab } = openLimited(setup);
    await setup.signIn(auth);
    setup.faultRefreshes('none');
    await setup.world.advance(16 * MINUTE);
    expect(auth.getSnapshot().endReason).toBe('idle');
    expect(setup.jar.cookies).toEqual([]);
    tab.kill();
    const next = openLimited(setup);
    expect((await setup.world.until(next.auth.ready())).status).toBe('signedOut');
  });

  it('restores nothing either if the API could not be asked to remove it', async () => {
    const setup = createCookieSetup({ cookie: { hintCookie: 'signed_in', readableDomain: 'bonfire.test' } }, { hintCookie: 'signed_in' });
    const { auth, tab } = openLimited(setup);
    await setup.signIn(auth);
    setup.world.online = false;
    await setup.world.advance(16 * MINUTE);
    expect(auth.getSnapshot().endReason).toBe('idle');
    tab.kill();
    await setup.world.advance(HOUR);
    const next = openLimited(setup);
    expect((await setup.world.until(next.auth.ready())).status).toBe('signedOut');
    setup.world.online = true;
    next.tab.wake('online');
    await setup.world.advance(MINUTE);
    expect(setup.jar.cookies).toEqual([]);
  });
});

describe('the limits of a client', () => {
  it('hold nothing after dispose(), and the session goes on', async () => {
    const { setup, first } = await openTwo();
    first.limits.dispose();
    expect(first.limits.getEnd()).toBeNull();
    await setup.world.advance(14 * MINUTE);
    first.auth.dispose();
    await setup.world.advance(MINUTE);
    expect(first.tab.held()).toEqual(NOTHING_HELD);
  });

  it('hold nothing after the client is disposed', async () => {
    const { setup, first } = await openTwo();
    first.limits.touch();
    first.auth.dispose();
    await setup.world.advance(MINUTE);
    expect(first.tab.held()).toEqual(NOTHING_HELD);
  });

  it('replace those of an earlier call', async () => {
    const { setup, first, second } = await openTwo();
    limitSession(first.auth, { idle: { timeoutMs: HOUR } });
    limitSession(second.auth, { idle: { timeoutMs: HOUR } });
    await setup.world.advance(40 * MINUTE);
    expect(statusOf(first.auth)).toBe('signedIn');
  });
});
