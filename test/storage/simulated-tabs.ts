import type { AuthStorage } from 'unexpired/core';
import type { Setup } from '../support/setup.ts';
import type { Tab, TabOptions } from '../support/world.ts';

/** Opens new tabs with a storage in each. */
export function openInTabs(setup: Setup, count: number, open: (tab: Tab) => AuthStorage, options: TabOptions = {}): AuthStorage[] {
  return Array.from({ length: count }, () => open(setup.world.openTab(options)));
}

/** Adds one to a number that is stored as text. */
export const addOne = (current: unknown) => String(Number(current ?? 0) + 1);

/** Adds one to a count `times` times by every storage, all at the same time, and reads the sum. */
export async function countTogether(setup: Setup, storages: readonly AuthStorage[], times: number): Promise<unknown> {
  const updates = storages.flatMap((storage) => Array.from({ length: times }, () => storage.update('count', addOne)));
  await setup.world.until(Promise.all(updates));
  return setup.world.until(storages[0]!.read('count'));
}
