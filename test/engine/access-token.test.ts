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
  it('gives the token at once while it is good', async () => {
    expect(await scene.world.until(auth.getAccessToken())).toBe(auth.getSnapshot().tokens?.accessToken);
    expect(scene.answers('refresh')).toEqual([]);
  });

  it('refreshes first when the token would not be good for long enough', async () => {
    await scene.world.advance(35_000);
    const before = auth.getSnapshot().tokens?.accessToken;
    expect(await scene.world.until(auth.getAccessToken({ minValidityMs: 28_000 }))).not.toBe(before);
  });

  it('does not loop when more validity is asked for than any token has', async () => {
    await scene.world.until(auth.getAccessToken({ minValidityMs: 86_400_000 }));
    await scene.world.until(auth.getAccessToken({ minValidityMs: 86_400_000 }));
    expect(scene.answers('refresh').length).toBeLessThanOrEqual(1);
  });
});
