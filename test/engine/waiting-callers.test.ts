import type { AuthClient, Platform } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, LIFETIME_MS, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

const refreshes = () => setup.answers('refresh').length;

/** Opens a signed-in tab whose token has expired, and lets the token endpoint fail. */
async function openInOutage(fault: Readonly<{ status: number; retryAfter?: number }> = { status: 503 }, platform: Partial<Platform> = {}) {
  const tab = setup.world.openTab();
  const { auth } = setup.open({ platform: { ...tab.platform, random: () => 0.99, ...platform } }); // The longest waits.
  await setup.signIn(auth);
  await setup.world.sleep(LIFETIME_MS * 2);
  setup.api.addFault({ endpoint: 'refresh', kind: 'status', ...fault });
  return auth;
}

/** Lets an app make five calls a second. */
async function callFor(auth: AuthClient, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 200) {
    void auth.fetch('/posts').catch(() => undefined);
    await setup.world.advance(200);
  }
}

describe('while the token endpoint is down', () => {
  it('an app that goes on calling sends at most 20 token requests a minute', async () => {
    const auth = await openInOutage();
    await callFor(auth, 60_000);
    expect(refreshes()).toBeGreaterThan(9);
    expect(refreshes()).toBeLessThanOrEqual(20);
  });

  it('an app that goes on calling gets an answer within 6 s after the outage', async () => {
    const auth = await openInOutage();
    await callFor(auth, 60_000);
    setup.api.clearFaults();
    const from = setup.world.now();
    let answeredAt = Infinity;
    while (answeredAt === Infinity && setup.world.now() - from < 20_000) {
      void auth.fetch('/posts').then(() => (answeredAt = Math.min(answeredAt, setup.world.now())), () => undefined);
      await setup.world.advance(200);
    }
    expect(answeredAt - from).toBeLessThanOrEqual(6500);
  });

  it('a single call starts one refresh, and fails if that fails', async () => {
    const auth = await openInOutage();
    await setup.world.until(rejection(auth.fetch('/posts')));
    await setup.world.advance(40_000); // Between two attempts by the timers, which wait for 32 s and 64 s.
    const before = refreshes();
    expect(await setup.world.until(rejection(auth.fetch('/posts')))).toMatchObject({ code: 'refresh_unavailable' });
    expect(refreshes() - before).toBe(1);
  });

  it('no call shortens a wait that the API has asked for', async () => {
    const auth = await openInOutage({ status: 503, retryAfter: 40 });
    await callFor(auth, 39_000);
    expect(refreshes()).toBe(1);
  });

  it('calls start no refresh before its time any more after a minute, because many browsers wait for the same endpoint', async () => {
    const auth = await openInOutage();
    await callFor(auth, 66_000);
    const before = refreshes();
    await callFor(auth, 60_000);
    expect(refreshes() - before).toBeLessThanOrEqual(2);
  });

  it('an app that calls rarely stops to hurry after a minute, too', async () => {
    const auth = await openInOutage();
    await setup.world.until(rejection(auth.fetch('/posts')));
    await setup.world.advance(70_000);
    const before = refreshes();
    await setup.world.until(rejection(auth.fetch('/posts')));
    expect(refreshes()).toBe(before);
  });

  it('the calls of a hidden tab start no refresh before its time', async () => {
    const auth = await openInOutage({ status: 503 }, { isHidden: () => true });
    await callFor(auth, 60_000);
    expect(refreshes()).toBeLessThan(9);
  });
});
