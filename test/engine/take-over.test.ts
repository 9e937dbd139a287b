import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TokenSet } from 'unexpired/core';
import { createScene, LIFETIME_MS, type Scene } from '../support/scene.ts';
import { takeOver } from './recipes/take-over.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
  let tail: Promise<unknown> = Promise.resolve();
  const request = (_: string, task: () => Promise<void>) => (tail = tail.then(task));
  vi.stubGlobal('navigator', { locks: { request } });
});
afterEach(() => vi.unstubAllGlobals());

/** Stores tokens of former code, and returns how to take them. With `isStale` a tab still reads them after they were removed. */
async function storeTokens({ isStale = false } = {}) {
  const { auth } = scene.open({ storageKey: 'former' });
  const tokens = Object.values(await scene.world.until(auth.requestTokens(scene.protocol.createBotTokens(['ember']))))[0]!;
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
    const tabs = [scene.open(), scene.open(), scene.open()];
    await scene.world.until(Promise.all(tabs.map(({ auth }) => takeOver(auth, take))));
    await scene.world.until(Promise.all(tabs.map(({ auth }) => auth.getAccessToken())));
    expect(new Set(tabs.map(({ auth }) => auth.getSnapshot().sessionId)).size).toBe(1);
  });

  it('are refreshed once if they have expired, even if a tab still reads what another has removed', async () => {
    const take = await storeTokens({ isStale: true });
    await scene.world.advance(LIFETIME_MS * 2);
    const tabs = [scene.open(), scene.open(), scene.open()];
    await scene.world.until(Promise.all(tabs.map(({ auth }) => takeOver(auth, take))));
    for (const { auth } of tabs) expect((await scene.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(scene.api.counts).toMatchObject({ refreshes: 1, reuses: 0 });
  });

  it('do not replace an existing session', async () => {
    const take = await storeTokens();
    const { auth } = scene.open();
    await scene.signIn(auth, 'cinder');
    const { sessionId } = auth.getSnapshot();
    await scene.world.until(takeOver(scene.open().auth, take));
    await scene.world.advance(10);
    expect(auth.getSnapshot().sessionId).toBe(sessionId);
  });
});
