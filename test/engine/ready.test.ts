import { expect, it } from 'vitest';
import { createScene, rejection } from '../support/scene.ts';

it('ready() starts the client and resolves to the snapshot of a signed-out user', async () => {
  const scene = createScene();
  const { auth } = scene.open();
  expect(auth.getSnapshot().status).toBe('loading');
  expect(await scene.world.until(auth.ready())).toMatchObject({ status: 'signedOut', sessionId: null });
});

it('ready() resolves to the session that another tab has started', async () => {
  const scene = createScene();
  const { auth: first } = await scene.openSignedIn();
  const { auth } = scene.open();
  expect((await scene.world.until(auth.ready())).sessionId).toBe(first.getSnapshot().sessionId);
});

it('ready() rejects with `disposed` if the client is disposed before the session is known', async () => {
  const scene = createScene();
  const { auth } = scene.open();
  const ready = rejection(auth.ready());
  auth.dispose();
  expect(await ready).toMatchObject({ code: 'disposed' });
  expect(await rejection(auth.ready())).toMatchObject({ code: 'disposed' });
});
