import { memory, type AuthStorage } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createScene, type Scene } from '../support/scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});

describe('no token value', () => {
  it.each(['signed in', 'still loading'])('is found in the error of a storage that quotes what it cannot read (%s)', async (moment) => {
    const kept = memory();
    let quoted = false;
    const storage: AuthStorage = {
      ...kept,
      read: async (key) => {
        const text = await kept.read(key);
        if (quoted) throw new Error(`cannot read ${JSON.stringify({ text })}`);
        return text;
      },
    };
    const opened = scene.open({ storage });
    await scene.world.until(opened.auth.signIn({ accessToken: 'a!cc3ss~token', refreshToken: 'M.C5_BAY!r3fresh~t(o)ken', expiresAt: null, scopes: [] }));
    quoted = true;
    const { auth, tab } = moment === 'signed in' ? opened : scene.open({ storage });
    auth.subscribe(() => undefined);
    tab.wake('focus');
    await scene.world.advance(100);
    expect(tab.warnings).toEqual([expect.stringContaining('cannot read')]);
    expect(tab.warnings.join()).not.toMatch(/cc3ss|r3fresh/);
  });
});
