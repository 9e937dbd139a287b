import type { AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createScene, type Scene } from '../support/scene.ts';

let scene: Scene;
let auth: AuthClient;

beforeEach(async () => {
  scene = createScene();
  ({ auth } = scene.open());
  await scene.signIn(auth);
});

describe('getAccessToken', () => {
  it('resolves to the current token without a refresh while the token is valid', async () => {
    expect(await scene.world.until(auth.getAccessToken())).toBe(auth.getSnapshot().tokens?.accessToken);
    expect(scene.answers('refresh')).toEqual([]);
  });

  it('refreshes first if the token expires within `minValidityMs`', async () => {
    await scene.world.advance(35_000);
    const before = auth.getSnapshot().tokens?.accessToken;
    expect(await scene.world.until(auth.getAccessToken({ minValidityMs: 28_000 }))).not.toBe(before);
  });

  it('refreshes at most once over two calls if `minValidityMs` is longer than the life of any token', async () => {
    await scene.world.until(auth.getAccessToken({ minValidityMs: 86_400_000 }));
    await scene.world.until(auth.getAccessToken({ minValidityMs: 86_400_000 }));
    expect(scene.answers('refresh').length).toBeLessThanOrEqual(1);
  });
});
