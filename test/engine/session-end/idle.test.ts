import { observe, type ClientEvent, type SessionLimitOptions } from 'unexpired/core';
import { describe, expect, it } from 'vitest';
import { createSetup, rejection } from '../../support/setup.ts';
import { IDLE, MINUTE, openLimited, statusOf } from './support.ts';

/** Opens a tab with a limited session of a user. */
async function openIdle(options: SessionLimitOptions = IDLE) {
  const setup = createSetup();
  const opened = openLimited(setup, options);
  await setup.signIn(opened.auth);
  return { setup, ...opened };
}

describe('an idle session', () => {
  // claim: idle-end
  it('ends as idle after the time-out, and no call is sent after that', async () => {
    const { setup, auth, limits } = await openIdle();
    expect(limits.getEnd()?.cause).toBe('idle');
    expect(Math.abs(limits.getEnd()!.endsAt - setup.world.now() - 15 * MINUTE)).toBeLessThan(1000);
    await setup.world.advance(15 * MINUTE - 100);
    expect(statusOf(auth)).toBe('signedIn');
    await setup.world.advance(200);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'idle', tokens: null });
    const before = setup.api.calls.length;
    expect(await setup.world.until(rejection(auth.fetch('/posts', { method: 'POST' })))).toMatchObject({ code: 'signed_out', endReason: 'idle' });
    expect(setup.api.calls.length).toBe(before);
    expect(limits.getEnd()).toBeNull();
  });

  it('tells observers of activity at most every 5 s, and when the session ends then', async () => {
    const { setup, auth, limits } = await openIdle();
    await setup.world.advance(MINUTE);
    const noted: ClientEvent[] = [];
    observe(auth, (event) => event.type === 'activityNoted' && noted.push(event));
    for (let second = 0; second < 18; second++) {
      limits.touch();
      await setup.world.advance(1000);
    }
    expect(noted).toHaveLength(4);
    const { sessionId } = auth.getSnapshot();
    expect(noted.map(({ at, ...event }) => ('endsAt' in event ? { ...event, endsAt: Math.abs(event.endsAt - at - 15 * MINUTE) <= 1000 } : event))).toEqual(noted.map(() => ({ type: 'activityNoted', sessionId, endsAt: true })));
  });

  // claim: activity-in-all-tabs
  it('lasts while another tab is used, and the end is later in both', async () => {
    const { setup, auth, limits } = await openIdle();
    const other = openLimited(setup);
    await setup.world.until(other.auth.ready());
    await setup.world.advance(10 * MINUTE);
    other.limits.touch();
    await setup.world.advance(10 * MINUTE);
    for (const client of [auth, other.auth]) expect(statusOf(client)).toBe('signedIn');
    expect(limits.getEnd()?.endsAt).toBe(other.limits.getEnd()?.endsAt);
    await setup.world.advance(6 * MINUTE);
    for (const client of [auth, other.auth]) expect(client.getSnapshot().endReason).toBe('idle');
  });

  // claim: idle-over-reloads
  it('is over for a page that loads after the end, which never shows the user', async () => {
    const { setup, tab } = await openIdle();
    await setup.world.advance(MINUTE);
    tab.kill();
    await setup.world.advance(20 * MINUTE);
    const next = openLimited(setup);
    const shown = new Set<string>();
    next.auth.subscribe(() => void shown.add(statusOf(next.auth)));
    expect(await setup.world.until(next.auth.ready())).toMatchObject({ status: 'signedOut', endReason: 'idle' });
    expect([...shown]).toEqual(['signedOut']);
  });

  // claim: idle-after-sleep
  it('ends after sleep, before the event that wakes the device counts as activity', async () => {
    const { setup, tab, auth, limits } = await openIdle();
    await setup.world.sleep(8 * 60 * MINUTE);
    limits.touch();
    tab.wake('visible');
    const call = rejection(auth.fetch('/posts'));
    const before = setup.api.calls.length;
    await setup.world.advance(100);
    expect(auth.getSnapshot().endReason).toBe('idle');
    expect(await call).toMatchObject({ code: 'session_ended', endReason: 'idle' });
    expect(setup.api.calls.length).toBe(before);
  });

  // claim: refresh-is-no-activity
  it('ends although the app refreshes and polls', async () => {
    const { setup, auth } = await openIdle();
    for (let minute = 0; minute < 14; minute++) {
      await setup.world.advance(MINUTE);
      await setup.world.until(auth.refresh());
      expect((await setup.world.until(auth.fetch('/posts'))).status).toBe(200);
    }
    await setup.world.advance(2 * MINUTE);
    expect(auth.getSnapshot().endReason).toBe('idle');
  });

  it('goes on in a tab that was frozen while the user was active in another one', async () => {
    const { setup, tab, auth } = await openIdle();
    const other = openLimited(setup);
    await setup.world.until(other.auth.ready());
    tab.process.freeze();
    for (let minute = 0; minute < 20; minute++) {
      await setup.world.advance(MINUTE);
      other.limits.touch();
    }
    tab.process.thaw();
    const answer = await setup.world.until(auth.fetch('/posts'));
    expect(answer.status).toBe(200);
    for (const client of [auth, other.auth]) expect(statusOf(client)).toBe('signedIn');
  });

  it('renders nothing when activity is written', async () => {
    const { setup, auth, limits } = await openIdle();
    await setup.world.advance(10_000);
    const before = auth.getSnapshot();
    limits.touch();
    await setup.world.advance(10_000);
    expect(auth.getSnapshot()).toBe(before);
  });
});
