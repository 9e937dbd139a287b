import { createBotTokens } from 'unexpired/bonfire';
import { restoreSession } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { rejection } from '../support/setup.ts';

const SIGN_IN = '/oauth/bots';

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup();
});

const emberOf = () => createBotTokens(setup.protocol, ['ember']);

function delaySignIns(lateMs: number): void {
  setup.world.lateMs = lateMs;
  setup.world.faultOf = ({ url }) => (url.endsWith(SIGN_IN) ? 'late' : 'none');
}

describe('a sign-in whose answer is late', () => {
  it('fails after 10 s, and other tabs send the cookie only after the answer', async () => {
    const one = await setup.openSignedIn();
    const other = setup.open();
    await setup.world.until(other.auth.ready());
    delaySignIns(15_000);
    const failed = rejection(one.auth.signIn(emberOf()));
    await setup.sent(SIGN_IN);
    const from = setup.world.now();
    void other.auth.refresh().catch(() => undefined);
    expect(await setup.world.until(failed)).toMatchObject({ code: 'grant_unavailable' });
    expect(setup.world.now() - from).toBe(10_000);
    await setup.world.advance(20_000);
    expect(setup.mostInFlight()).toBe(1);
    expect(setup.tokenRequests().slice(-2)).toEqual([`${SIGN_IN} 200`, '/oauth 200']);
  });
});

describe('a tab that is closed during its sign-in', () => {
  it('leaves a note, so that the next page sends its restore after the answer, and has the session', async () => {
    setup.world.latencyMs = 1500;
    const first = setup.open();
    void first.auth.signIn(emberOf());
    await setup.sent(SIGN_IN);
    first.tab.kill();
    const next = setup.open();
    expect(await setup.world.until(next.auth.ready())).toMatchObject({ status: 'signedIn' });
    expect(setup.mostInFlight()).toBe(1);
  });

  it('leaves a note in a record that has no session', async () => {
    const first = setup.open();
    await setup.world.until(first.auth.ready());
    setup.world.latencyMs = 1500;
    void first.auth.signIn(emberOf());
    await setup.sent(SIGN_IN);
    first.tab.kill();
    const next = setup.open();
    expect(await setup.world.until(next.auth.ready())).toMatchObject({ status: 'signedOut' });
    expect(await setup.world.until(restoreSession(next.auth))).toMatchObject({ status: 'signedIn' });
    expect(setup.mostInFlight()).toBe(1);
  });
});

describe('a visitor whose hint says that there is no session', () => {
  it('leaves a note in an empty storage, so that the sign-out of another tab waits for the answer', async () => {
    setup = createCookieSetup({ cookie: { hintCookie: 'signed_in', readableDomain: 'bonfire.test' } }, { hintCookie: 'signed_in' });
    const [first, other] = [setup.open(), setup.open()];
    await setup.world.until(Promise.all([first.auth.ready(), other.auth.ready()]));
    setup.world.latencyMs = 1500;
    void first.auth.signIn(emberOf());
    await setup.sent(SIGN_IN);
    first.tab.kill();
    await setup.world.until(other.auth.signOut());
    await setup.world.advance(20_000);
    expect(setup.mostInFlight()).toBe(1);
  });
});

describe('a sign-in that fails', () => {
  it.each([true, false])('leaves no note, so that the next request is sent at once (Web Locks: %s)', async (hasLocks) => {
    const { auth } = setup.open({}, { hasLocks });
    await setup.signIn(auth);
    await rejection(setup.world.until(auth.signIn(() => Promise.reject(new Error('The user has closed the pop-up.')))));
    const from = setup.world.now();
    await setup.world.until(auth.refresh());
    expect(setup.world.now() - from).toBeLessThan(1000);
  });
});

it('a tab without Web Locks sends no refresh beside the sign-in of another tab', async () => {
  const one = setup.open({}, { hasLocks: false });
  await setup.signIn(one.auth);
  const other = setup.open({}, { hasLocks: false });
  await setup.world.until(other.auth.ready());
  delaySignIns(8000);
  const signedIn = one.auth.signIn(emberOf());
  await setup.sent(SIGN_IN);
  const refreshed = Promise.allSettled([other.auth.refresh()]);
  await setup.world.until(Promise.all([signedIn, refreshed]));
  expect(setup.mostInFlight()).toBe(1);
});

it.each([4, 6, 9, 12, 14, 17])('tabs without Web Locks that sign in and restore at the same time send one request after the other (order %i of their notes)', async (seed) => {
  const tabs = [setup.open({}, { hasLocks: false }), setup.open({}, { hasLocks: false }), setup.open({}, { hasLocks: false })];
  setup.world.latencyMs = 1000;
  let storageMs = seed;
  setup.world.delayOf = () => (storageMs = (storageMs * 31 + 7 + seed) % 40);
  const ready = tabs.slice(1).map(({ auth }) => auth.ready());
  const signedIn = tabs[0]!.auth.signIn(emberOf());
  await setup.world.until(Promise.all([...ready, signedIn]));
  expect(setup.mostInFlight()).toBe(1);
});

it.each([1, 2, 3, 4, 6, 7])('a tab without Web Locks that waited for the refresh of another tab notes its sign-in, so a third tab waits (order %i of their notes)', async (seed) => {
  const first = await setup.openSignedIn();
  first.auth.dispose();
  const tabs = [setup.open({}, { hasLocks: false }), setup.open({}, { hasLocks: false }), setup.open({}, { hasLocks: false })];
  await setup.world.until(Promise.all(tabs.map(({ auth }) => auth.ready())));
  setup.world.latencyMs = 1500;
  let storageMs = seed;
  setup.world.delayOf = () => (storageMs = (storageMs * 31 + 7 + seed) % 40);
  const refreshed = tabs[1]!.auth.refresh().catch(() => undefined);
  const signedIn = tabs[0]!.auth.signIn(emberOf()).catch(() => undefined);
  await setup.sent(SIGN_IN);
  const third = tabs[2]!.auth.refresh().catch(() => undefined);
  await setup.world.until(Promise.all([refreshed, signedIn, third]));
  expect(setup.mostInFlight()).toBe(1);
});
