import { expect, it } from 'vitest';
import { PACE } from '../../support/pace.ts';
import { sumOf, type Round } from '../support/result.ts';
import type { ProfileOptions } from '../support/browser-profile.ts';
import type { Setup } from '../support/engine-setup.ts';
import type { GatePlace } from '../server/gate.ts';
import { callInRemainingTabs, openRevoked } from './closed-tab.ts';
import { setUpCookies, WITH_COOKIE } from './cookie.ts';

/** Tabs wait for the answer to a request of a tab that is gone. Their deadlines must be shorter than those of the tests. */
const IN_TIME: ProfileOptions = { ...WITH_COOKIE, stretch: String(PACE) };

const CALLS = 10;

/** A tab that is closed during a refresh, with the refresh token in a cookie that rotates and has no grace period. */
export function describeCookieClosedTabs(setup: Setup): void {
  const check = (phase: string, round: Round, refreshes: number, note = '') => {
    setup.record(sumOf(setup.title, `cookie: tab closed: ${phase}`, [round], note));
    expect(round).toEqual({ refreshes, reuses: 0, answers: CALLS, calls: CALLS, lived: true });
  };

  it('the other tabs keep the session and its cookie when a tab is closed while it waits for the refresh lock', async () => {
    setUpCookies(setup);
    const { profile, closing } = await openRevoked(setup, WITH_COOKIE);
    await profile.first.ask('takeLock');
    await closing.ask('startBurst', 'last', 1);
    await profile.first.ask('untilLockWanted', 1);
    await profile.closeTab(closing);
    await profile.first.ask('freeLock');
    check('it waits for the lock', await callInRemainingTabs(setup, profile), 1);
  });

  it('the other tabs keep the session and its cookie when a tab is closed that has noted a refresh and sent no request', async () => {
    setUpCookies(setup);
    const { profile, closing } = await openRevoked(setup, IN_TIME);
    await closing.ask('setBreakpoint', 'request');
    await closing.ask('startBurst', 'last', 1);
    await closing.ask('untilAtBreakpoint');
    await profile.closeTab(closing);
    check('it holds the lock', await callInRemainingTabs(setup, profile), 1);
  });

  it.each<[phase: string, place: GatePlace]>([
    ['its request is under way', 'before'],
    ['its answer is under way', 'after'],
  ])('the other tabs keep the session and its cookie when a tab is closed while %s', async (phase, place) => {
    setUpCookies(setup);
    const { profile, closing } = await openRevoked(setup, IN_TIME);
    const gate = setup.api.hold(place);
    await closing.ask('startBurst', 'last', 1);
    await gate.reached;
    await profile.closeTab(closing);
    const remaining = callInRemainingTabs(setup, profile);
    gate.open();
    await gate.passed;
    check(phase, await remaining, 2, 'the browser stores the cookie of the closed tab, and the other tabs refresh with it');
  });

  it('the other tabs adopt the tokens of a tab with a cookie that is closed before it has announced them', async () => {
    setUpCookies(setup);
    const { profile, closing } = await openRevoked(setup, WITH_COOKIE);
    await closing.ask('setBreakpoint', 'announcement');
    await closing.ask('startBurst', 'last', 1);
    await closing.ask('untilAtBreakpoint');
    await profile.closeTab(closing);
    check('its answer is stored, not announced', await callInRemainingTabs(setup, profile), 1);
  });
}
