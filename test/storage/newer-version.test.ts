import 'fake-indexeddb/auto';
import { indexedDB } from 'unexpired/core';
import { createBotTokens } from 'unexpired/bonfire';
import { expect, it } from 'vitest';
import { BASE_URL, createSetup, LIFETIME_MS, rejection } from '../support/setup.ts';

const KEY = `unexpired:${BASE_URL}`;

it('two tabs on IndexedDB send no refresh token after a newer version has stored the session, and a sign-in is kept', async () => {
  const setup = createSetup();
  const stored = indexedDB('newer');
  const open = () => {
    const { auth } = setup.open({ storage: indexedDB('newer') });
    auth.subscribe(() => undefined);
    return auth;
  };

  /** Advances simulated time until a promise settles. IndexedDB takes real time beside it. */
  async function settled<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const done = promise.finally(() => (isDone = true));
    done.catch(() => undefined);
    while (!isDone) {
      await setup.world.advance(1);
      await new Promise(setImmediate);
    }
    return done;
  }

  const first = open();
  await settled(first.signIn(createBotTokens(setup.protocol, ['ember'])));
  const second = open();
  await settled(second.ready());
  await stored.update(KEY, (text) => String(text).replace('"version":1', '"version":3'));
  const newer = await stored.read(KEY);
  for (const auth of [first, second]) expect(await settled(rejection(auth.refresh()))).toMatchObject({ code: 'refresh_unavailable', transient: false });
  expect((await settled(open().ready())).endReason).toBe('newer_version');
  await setup.world.advance(LIFETIME_MS * 2);
  expect(await stored.read(KEY)).toBe(newer);
  expect(setup.api.counts.refreshes).toBe(0);

  await settled(second.signIn(createBotTokens(setup.protocol, ['cinder'])));
  expect((await settled(open().ready())).sessionId).toBe(second.getSnapshot().sessionId);
});
