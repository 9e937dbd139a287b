import { expect, it } from 'vitest';
import { createSetup, rejection } from '../support/setup.ts';

it('ready() starts the client and resolves to the snapshot of a signed-out user', async () => {
  const setup = createSetup();
  const { auth } = setup.open();
  expect(auth.getSnapshot().status).toBe('loading');
  expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', sessionId: null });
});

it('ready() resolves to the session that another tab has started', async () => {
  const setup = createSetup();
  const { auth: first } = await setup.openSignedIn();
  const { auth } = setup.open();
  expect((await setup.world.until(auth.ready())).sessionId).toBe(first.getSnapshot().sessionId);
});

it('ready() rejects with `disposed` if the client is disposed before the session is known', async () => {
  const setup = createSetup();
  const { auth } = setup.open();
  const ready = rejection(auth.ready());
  auth.dispose();
  expect(await ready).toMatchObject({ code: 'disposed' });
  expect(await rejection(auth.ready())).toMatchObject({ code: 'disposed' });
});
