import type { AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createScene, rejection, type Scene } from '../support/scene.ts';

let scene: Scene;
let auth: AuthClient;
beforeEach(async () => {
  scene = createScene();
  ({ auth } = await scene.openSignedIn());
});

describe('a call that is aborted', () => {
  const reason = { own: 'reason' };

  it('before it is sent sends nothing, and rejects with the reason of its signal', async () => {
    expect(await scene.world.until(rejection(auth.fetch('/users/me', { signal: AbortSignal.abort(reason) })))).toBe(reason);
    expect(scene.answers('me')).toEqual([]);
  });

  it('while it waits for a refresh is not replayed, and rejects with the reason of its signal', async () => {
    const controller = new AbortController();
    scene.api.revokeAccessTokens();
    scene.world.latencyMs = 100;
    const aborted = rejection(auth.fetch('/users/me', { signal: controller.signal }));
    await scene.refreshSent();
    controller.abort(reason);
    expect(await scene.world.until(aborted)).toBe(reason);
    expect((await scene.world.until(auth.fetch('/posts'))).status).toBe(200);
    expect([scene.answers('me'), scene.answers('refresh')]).toEqual([[401], [200]]);
  });
});
