import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requestTokens, type TokenSet } from 'unexpired/core';
import { createBotTokens } from 'unexpired/bonfire';
import { createSetup, LIFETIME_MS, type Setup } from '../support/setup.ts';
import { takeOver } from './recipes/take-over.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
  let tail: Promise<unknown> = Promise.resolve();
  const request = (_: string, task: () => Promise<void>) => (tail = tail.then(task));
  vi.stubGlobal('navigator', { locks: { request } });
});
afterEach(() => vi.unstubAllGlobals());

/** Stores tokens of former code, and returns how to take them. With `isStale` a tab still reads them after they were removed. */
async function storeTokens({ isStale = false } = {}) {
  const { auth } = setup.open({ storageKey: 'former' });
  const tokens = Object.values(await setup.world.until(requestTokens(auth, createBotTokens(setup.protocol, ['ember']))))[0]!;
  let area: TokenSet | null = tokens;
  return () => {
    const found = area;
    if (!isStale) area = null;
    return found;
  };
}

describe('tokens that other code has stored', () => {
  it('become one session in three tabs that take them over at the same time', async () => {
    const take = await storeTokens();
    const tabs = [setup.open(), setup.open(), setup.open()];
    await setup.world.until(Promise.all(tabs.map(({ auth }) => takeOver(auth, take))));
    await setup.world.until(Promise.all(tabs.map(({ auth }) => auth.getAccessToken())));
    expect(new Set(tabs.map(({ auth }) => auth.getSnapshot().sessionId)).size).toBe(1);
  });

  it('are refreshed once if they have expired, even if a tab still reads what another has removed', async () => {
    const take = await storeTokens({ isStale: true });
    await setup.world.advance(LIFETIME_MS * 2);
    const tabs = [setup.open(), setup.open(), setup.open()];
    await setup.world.until(Promise.all(tabs.map(({ auth }) => takeOver(auth, take))));
    for (const { auth } of tabs) expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(setup.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('do not replace an existing session', async () => {
    const take = await storeTokens();
    const { auth } = setup.open();
    await setup.signIn(auth, 'cinder');
    const { sessionId } = auth.getSnapshot();
    await setup.world.until(takeOver(setup.open().auth, take));
    await setup.world.advance(10);
    expect(auth.getSnapshot().sessionId).toBe(sessionId);
  });
});
