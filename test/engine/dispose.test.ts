import { expect, it } from 'vitest';
import { createSetup, LIFETIME_MS, NOTHING_HELD } from '../support/setup.ts';

it('dispose() during a refresh that a timer has started leaves no timer behind', async () => {
  const setup = createSetup();
  const { auth, tab } = await setup.openSignedIn();
  await setup.refreshSent();
  auth.dispose();
  await setup.world.advance(LIFETIME_MS * 3);
  expect(setup.answers('refresh')).toEqual([200]);
  expect(tab.held()).toEqual(NOTHING_HELD);
});

it('dispose() while a wake signal makes the client read storage leaves no timer behind', async () => {
  const setup = createSetup();
  const { auth, tab } = await setup.openSignedIn();
  tab.wake('online');
  auth.dispose();
  await setup.world.advance(100);
  expect(tab.held()).toEqual(NOTHING_HELD);
});
