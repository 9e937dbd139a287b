import { difference, leaseOf, newRow, nextRow, type Rule, type Scene } from './contract-scene.ts';

/** The rules of the contract for `watch`. A store may do without it. */
export const WATCH_RULES: readonly Rule[] = [
  ['`watch` calls back after a lease of the row is given back, also by another instance.', (scene) => findSilence(scene, async ({ store, key }) => {
    await store.replace(key, 'etag-1', nextRow('etag-2', { lease: leaseOf('owner-1') }));
    await store.extend(key, 'owner-1', 0);
  })],
  ['`watch` calls back after the row is removed, also by another instance.', (scene) => findSilence(scene, async ({ store, key }) => void (await store.remove(key, 'etag-1')))],
  ['`watch` calls back after the row is replaced without a lease, also by another instance.', (scene) => findSilence(scene, async ({ store, key }) => void (await store.replace(key, 'etag-1', nextRow('etag-2'))))],
  ['`watch` calls back no more after its release.', staysSilent],
];

/** Makes a change until a watcher of the other store is called. A call may be lost, for example while a connection opens. */
async function findSilence(scene: Scene, change: (scene: Scene) => Promise<void>): Promise<string | null> {
  for (let turn = 0; turn < 16; turn += 1) {
    const key = `${scene.key}-${turn}`;
    let calls = 0;
    await scene.store.insert(key, newRow());
    const release = scene.other.watch?.(key, () => (calls += 1));
    await scene.wait(10 * turn); // A store may open a connection first.
    calls = 0;
    await change({ ...scene, key });
    await scene.wait(20 + 10 * turn);
    release?.();
    if (calls > 0) return null;
  }
  return 'it has not called back in 16 tries';
}

async function staysSilent({ store, other, key, wait }: Scene): Promise<string | null> {
  let calls = 0;
  await store.insert(key, newRow());
  const release = other.watch?.(key, () => (calls += 1));
  await wait(100);
  release?.();
  release?.();
  await store.replace(key, 'etag-1', nextRow('etag-2'));
  await store.remove(key, 'etag-2');
  await wait(100);
  return difference('the number of calls', calls, 0);
}
