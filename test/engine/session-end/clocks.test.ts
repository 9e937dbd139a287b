import { describe, expect, it } from 'vitest';
import { createSetup } from '../../support/setup.ts';
import { HOUR, IDLE, MINUTE, openLimited, statusOf } from './support.ts';

async function openIdle() {
  const setup = createSetup();
  const opened = openLimited(setup);
  await setup.signIn(opened.auth);
  return { setup, ...opened };
}

describe('the idle end in an open tab', () => {
  // claim: idle-set-back
  it.each([[-HOUR], [-365 * 24 * HOUR], [-5 * MINUTE]])('comes in time if the clock is set back by %i ms', async (jumpMs) => {
    const { setup, auth } = await openIdle();
    await setup.world.advance(5 * MINUTE);
    setup.world.skewMs = jumpMs;
    await setup.world.advance(10 * MINUTE - 1000);
    expect(statusOf(auth)).toBe('signedIn');
    await setup.world.advance(2000);
    expect(auth.getSnapshot().endReason).toBe('idle');
  });

  it('moves with activity after the clock was set back, in all tabs', async () => {
    const { setup, auth, limits } = await openIdle();
    const other = openLimited(setup);
    await setup.world.until(other.auth.ready());
    await setup.world.advance(5 * MINUTE);
    setup.world.skewMs = -HOUR;
    limits.touch();
    await setup.world.advance(14 * MINUTE);
    for (const client of [auth, other.auth]) expect(statusOf(client)).toBe('signedIn');
    await setup.world.advance(2 * MINUTE);
    for (const client of [auth, other.auth]) expect(client.getSnapshot().endReason).toBe('idle');
  });

  it('comes at once if the clock is set forward, because that looks like sleep', async () => {
    const { setup, tab, auth } = await openIdle();
    await setup.world.advance(MINUTE);
    setup.world.skewMs = HOUR;
    tab.wake('visible');
    await setup.world.advance(100);
    expect(auth.getSnapshot().endReason).toBe('idle');
  });

  it('comes if the clock is set back right after the device has slept', async () => {
    const { setup, tab, auth } = await openIdle();
    await setup.world.sleep(20 * MINUTE);
    tab.wake('visible');
    setup.world.skewMs = -HOUR;
    await setup.world.advance(2000);
    expect(auth.getSnapshot().endReason).toBe('idle');
  });

  it.each([1000, 60_000])('comes at the next timer of a tab whose timers are throttled to %i ms', async (throttleMs) => {
    const { setup, tab, auth } = await openIdle();
    tab.process.throttle(throttleMs);
    await setup.world.advance(15 * MINUTE + throttleMs + 100);
    expect(auth.getSnapshot().endReason).toBe('idle');
  });
});

describe('a page that loads', () => {
  it('keeps the session if an open tab has seen the clock set back', async () => {
    const { setup, tab } = await openIdle();
    await setup.world.advance(MINUTE);
    setup.world.skewMs = -HOUR;
    await setup.world.advance(MINUTE);
    tab.kill();
    const next = openLimited(setup);
    await setup.world.until(next.auth.ready());
    expect(statusOf(next.auth)).toBe('signedIn');
    expect(Math.abs(next.limits.getEnd()!.endsAt - (setup.world.now() - HOUR) - 13 * MINUTE)).toBeLessThan(2000);
  });

  it('ends the session if the clock was set back while no tab was open, because the gap is not known', async () => {
    const { setup, tab } = await openIdle();
    await setup.world.advance(MINUTE);
    tab.kill();
    setup.world.skewMs = -HOUR;
    const next = openLimited(setup);
    expect(await setup.world.until(next.auth.ready())).toMatchObject({ status: 'signedOut', endReason: 'idle' });
  });

  it('counts a session that was stored before the limits from its tokens', async () => {
    const setup = createSetup({ accessTokenLifetimeMs: 24 * HOUR });
    const before = setup.open();
    await setup.signIn(before.auth);
    before.tab.kill();
    await setup.world.advance(10 * MINUTE);
    const soon = openLimited(setup);
    expect((await setup.world.until(soon.auth.ready())).status).toBe('signedIn');
    soon.tab.kill();
    await setup.world.advance(10 * MINUTE);
    expect((await setup.world.until(openLimited(setup).auth.ready())).endReason).toBe('idle');
  });

  it('reads activity that is at most some seconds old', async () => {
    const { setup, tab, limits } = await openIdle();
    for (let second = 0; second < 60; second++) {
      await setup.world.advance(1000);
      limits.touch();
    }
    await setup.world.advance(5000);
    const writes = setup.storedText();
    tab.kill();
    const next = openLimited(setup, IDLE);
    await setup.world.until(next.auth.ready());
    expect(Math.abs(next.limits.getEnd()!.endsAt - setup.world.now() - 15 * MINUTE + 5000)).toBeLessThan(1500);
    expect(writes).toContain('activeAt');
  });
});
