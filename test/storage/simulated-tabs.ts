import type { AuthStorage } from 'unexpired/core';
import type { Scene } from '../support/scene.ts';
import type { Tab, TabOptions } from '../support/world.ts';

/** Opens new tabs with a storage in each. */
export function openInTabs(scene: Scene, count: number, open: (tab: Tab) => AuthStorage, options: TabOptions = {}): AuthStorage[] {
  return Array.from({ length: count }, () => open(scene.world.openTab(options)));
}

/** Adds one to a number that is stored as text. */
export const addOne = (current: unknown) => String(Number(current ?? 0) + 1);

/** Adds one to a count `times` times by every storage, all at the same time, and reads the sum. */
export async function countTogether(scene: Scene, storages: readonly AuthStorage[], times: number): Promise<unknown> {
  const updates = storages.flatMap((storage) => Array.from({ length: times }, () => storage.update('count', addOne)));
  await scene.world.until(Promise.all(updates));
  return scene.world.until(storages[0]!.read('count'));
}
