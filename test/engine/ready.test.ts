import type { AuthStorage } from 'unexpired/core';
import { expect, it } from 'vitest';
import { createSetup, NOTHING_HELD, rejection } from '../support/setup.ts';

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

const hanging: AuthStorage = { name: 'hanging', read: () => new Promise(() => undefined), update: () => new Promise(() => undefined) };

it('ready() resolves as signed out if storage never answers, and the client can still sign in', async () => {
  const setup = createSetup();
  const { auth } = setup.open({ storage: hanging });
  const startedAt = setup.world.now();
  expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', storage: 'memory' });
  expect(setup.world.now() - startedAt).toBeLessThan(10_000);
  await setup.signIn(auth);
  expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedIn' });
});

it('ready() rejects at once if the client is disposed while storage does not answer, and leaves nothing behind', async () => {
  const setup = createSetup();
  const { auth, tab } = setup.open({ storage: hanging });
  const all = [auth.ready(), auth.ready()].map(rejection);
  await setup.world.advance(100);
  auth.dispose();
  for (const error of await Promise.all(all)) expect(error).toMatchObject({ code: 'disposed' });
  await setup.world.advance(20_000);
  expect(tab.held()).toEqual(NOTHING_HELD);
});

it('ready() of two clients of one page resolves to the same session, and disposing of one does not affect the other', async () => {
  const setup = createSetup();
  const { auth, tab } = await setup.openSignedIn();
  const { auth: second } = setup.open({ platform: tab.platform });
  expect((await setup.world.until(second.ready())).sessionId).toBe(auth.getSnapshot().sessionId);
  const pending = setup.world.until(auth.ready());
  second.dispose();
  expect((await pending).status).toBe('signedIn');
  expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
});
