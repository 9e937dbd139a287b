import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { createRefreshLock } from '../../src/core/refresh/refresh-lock.ts';
import { createSetup } from '../support/setup.ts';

it('a tab that cannot reserve a refresh token waits for no lock afterwards, and leaves no abort listener', async () => {
  const { world, protocol } = createSetup();
  const { signal: disposed } = new AbortController();
  const claim = { sessionId: 'a', generation: 1 };
  const tabs = [world.openTab(), world.openTab()];
  const [holder, other] = tabs.map(({ platform }) => createRefreshLock({ platform, protocol, key: 'key', disposed } as never, (task) => task()));
  const end = await world.until(holder!.reserve(claim));
  for (let tries = 0; tries < 12; tries++) expect(await world.until(other!.reserve(claim))).toBeNull();
  expect(tabs[1]!.held()).toMatchObject({ locks: 0, timers: 0 });
  expect(getEventListeners(disposed, 'abort')).toHaveLength(0);
  end?.();
  expect(await world.until(other!.reserve(claim))).not.toBeNull();
});
