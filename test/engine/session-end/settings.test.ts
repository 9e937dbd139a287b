import { limitSession, sessionLimitsOf, type ActivitySource, type SessionLimitOptions } from 'unexpired/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSetup } from '../../support/setup.ts';
import { MINUTE, openLimited, statusOf } from './support.ts';

const wrong: [string, unknown][] = [
  ...[0, -1, NaN, Infinity, 2 ** 31, '900000', null].map((timeoutMs): [string, unknown] => ['idle.timeoutMs', { idle: { timeoutMs } }]),
  ...[-1, NaN, 2 ** 31, '1'].map((warnMs): [string, unknown] => ['idle.warnMs', { idle: { timeoutMs: 1000, warnMs } }]),
  ...[1000, 2000].map((warnMs): [string, unknown] => ['idle.warnMs', { idle: { timeoutMs: 1000, warnMs } }]),
  ...[0, -5, NaN, 2 ** 31, {}].map((maxSessionMs): [string, unknown] => ['maxSessionMs', { maxSessionMs }]),
  ['idle.countsAsActivity', { idle: { timeoutMs: 1000, countsAsActivity: true } }],
  ['activity', { activity: 'click' }],
];

describe('limitSession', () => {
  it.each(wrong)('refuses a wrong %s by its name (%j)', (field, options) => {
    const { auth } = createSetup().open();
    expect(() => limitSession(auth, options as SessionLimitOptions)).toThrow(expect.objectContaining({ code: 'invalid_config', field, message: expect.stringContaining('must be') }));
  });

  it('refuses anything but a client', () => {
    for (const act of [limitSession, sessionLimitsOf]) expect(() => act({} as never)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'client' }));
  });

  it('starts nothing before the first use of the client', async () => {
    const setup = createSetup();
    const { tab } = openLimited(setup);
    await setup.world.advance(MINUTE);
    expect(tab.held()).toMatchObject({ timers: 0, channels: 0, wakeListeners: 0 });
    expect(tab.hasReachedStorage()).toBe(false);
  });
});

/** A source whose events a test sends. */
function createSource() {
  const listeners = new Set<(event: Event) => void>();
  const source: ActivitySource = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return { source, count: () => listeners.size, send: (type: string) => listeners.forEach((listener) => listener(new Event(type))) };
}

describe('a source of activity', () => {
  it('is used while a user is signed in, and its events count', async () => {
    const setup = createSetup();
    const { source, count, send } = createSource();
    const { auth } = openLimited(setup, { idle: { timeoutMs: 15 * MINUTE }, activity: source });
    expect(count()).toBe(0);
    await setup.signIn(auth);
    expect(count()).toBe(1);
    await setup.world.advance(10 * MINUTE);
    send('pointerdown');
    await setup.world.advance(10 * MINUTE);
    expect(statusOf(auth)).toBe('signedIn');
    await setup.world.advance(6 * MINUTE);
    expect(auth.getSnapshot().endReason).toBe('idle');
    expect(count()).toBe(0);
  });

  it('counts only the events that countsAsActivity accepts, and an error of it is reported', async () => {
    const setup = createSetup();
    const { source, send } = createSource();
    const countsAsActivity = ({ type }: Event) => {
      if (type === 'wheel') throw new TypeError('mistake');
      return type === 'keydown';
    };
    const { auth, tab, limits } = openLimited(setup, { idle: { timeoutMs: 15 * MINUTE, countsAsActivity }, activity: source });
    await setup.signIn(auth);
    const before = limits.getEnd()!.endsAt;
    await setup.world.advance(5 * MINUTE);
    for (const type of ['pointermove', 'wheel']) send(type);
    expect(limits.getEnd()!.endsAt).toBe(before);
    expect(tab.reports).toEqual([expect.objectContaining({ message: 'mistake' })]);
    send('keydown');
    expect(limits.getEnd()!.endsAt).toBeGreaterThan(before);
  });
});

describe('the page as source of activity', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('counts what a user does, and no event that a script dispatches', async () => {
    const page = new EventTarget();
    vi.stubGlobal('window', page);
    const setup = createSetup();
    const { auth, limits } = openLimited(setup);
    await setup.signIn(auth);
    const before = limits.getEnd()!.endsAt;
    await setup.world.advance(5 * MINUTE);
    for (const type of ['pointerdown', 'keydown', 'scroll', 'wheel']) page.dispatchEvent(new Event(type));
    expect(limits.getEnd()!.endsAt).toBe(before);
    page.dispatchEvent(Object.defineProperty(new Event('keydown'), 'isTrusted', { value: true }));
    expect(limits.getEnd()!.endsAt).toBeGreaterThan(before);
  });
});

describe('activity', () => {
  it('is written every 5 s at most, and the last of it after that', async () => {
    const setup = createSetup();
    const { auth, limits } = openLimited(setup);
    await setup.signIn(auth);
    await setup.world.advance(10_000);
    let writes = 0;
    setup.world.storage.onChange = () => void writes++;
    for (let tenth = 0; tenth < 200; tenth++) {
      limits.touch();
      await setup.world.advance(100);
    }
    expect(writes).toBeLessThanOrEqual(5);
    await setup.world.advance(5000);
    expect(JSON.parse(JSON.parse(setup.storedText())[0]).session.activeAt).toBeGreaterThan(setup.world.now() - 5500);
  });

  it('calls back when the end moves by a second, and not more often than it moves', async () => {
    const setup = createSetup();
    const { auth, limits } = openLimited(setup);
    await setup.signIn(auth);
    let calls = 0;
    limits.subscribe(() => void calls++);
    for (let tenth = 0; tenth < 100; tenth++) {
      limits.touch();
      await setup.world.advance(100);
    }
    expect(calls).toBeGreaterThan(5);
    expect(calls).toBeLessThanOrEqual(11);
  });
});
