import { createBotTokens } from 'unexpired/bonfire';
import type { AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createCookieSetup, type CookieSetup } from '../support/cookie-setup.ts';
import { NOTHING_HELD } from '../support/setup.ts';

let setup: CookieSetup;
beforeEach(() => {
  setup = createCookieSetup();
});

const signIn = (auth: AuthClient) => auth.signIn(createBotTokens(setup.protocol, ['cinder']));
const refresh = (auth: AuthClient) => auth.refresh();

/** A tab that was frozen when it had its turn, and resumes while the request of a tab that has taken over is in flight. */
async function resumeBehind(begin: (auth: AuthClient) => Promise<unknown>, takeOver: (auth: AuthClient) => Promise<unknown>) {
  const { world } = setup;
  const { tab, auth } = await setup.openSignedIn();
  const other = setup.open();
  await world.until(other.auth.ready());
  await world.advance(10);
  const before = setup.tokenRequests().length;
  const sent = () => setup.tokenRequests().slice(before);
  const own = begin(auth).then(() => 'done', (error: unknown) => error);
  await world.advance(1);
  tab.process.freeze();
  world.lateMs = 15_000;
  world.faultOf = ({ url }) => (url.includes('/oauth') ? 'late' : 'none');
  void takeOver(other.auth).catch(() => undefined);
  while (sent().length === 0) await world.advance(100);
  world.faultOf = () => 'none';
  tab.process.thaw();
  return { tab, auth, own, sent };
}

describe('a tab that was frozen before its request was sent, and resumes while the request of another tab is in flight', () => {
  it.each([
    ['sign-in', 'refresh', signIn, refresh],
    ['refresh', 'sign-in', refresh, signIn],
  ] as const)('sends its %s after that %s', async (_own, _other, begin, takeOver) => {
    const { own, sent } = await resumeBehind(begin, takeOver);
    await setup.world.until(own);
    await setup.world.advance(30_000);
    expect(setup.mostInFlight()).toBe(1);
    expect(sent().every((request) => request.endsWith(' 200'))).toBe(true);
  });

  it.each([
    ['sign-in', signIn, refresh],
    ['refresh', refresh, signIn],
  ] as const)('sends no %s if its client is disposed of before', async (_own, begin, takeOver) => {
    const { own, sent, auth, tab } = await resumeBehind(begin, takeOver);
    await setup.world.advance(9000);
    auth.dispose();
    await setup.world.advance(5000);
    expect(await own).toMatchObject({ name: 'AuthError' });
    expect(sent()).toHaveLength(1);
    expect(tab.reports).toEqual([]);
    expect(tab.held()).toEqual(NOTHING_HELD);
  });
});
