import { delay } from '../../support/until.ts';
import type { Inject, Scene } from './instance-faults.ts';
import type { Proof } from './proof-store.ts';
import type { Fault } from './types.ts';

const DOWN_MS = 3000;

/** How long before a failover its copy stopped to receive writes, ms. */
const LOST_MS = 150;

/** The longest wait before a fault, ms. */
const WITHIN_MS = 500;

/** Lets the store have one fault at a drawn moment of the storm. */
function once(kind: Fault['kind'], run: (store: Proof, scene: Scene) => Promise<void>): Inject {
  return async (scene, store) => {
    await delay(scene.random() * WITHIN_MS);
    const from = Date.now();
    await run(store, scene);
    scene.note({ kind, instance: '', from, to: Date.now() });
  };
}

export const storeRestarted = once('store-down', (store) => store.restart());
export const storePaused = once('store-down', (store) => store.pause(DOWN_MS));
export const storeFull = once('store-down', (store) => store.fill(DOWN_MS));
export const storeFailedOver = once('write-lost', (store) => store.failOver(LOST_MS));
export const storeEvicted = once('evicted', async (store, { sessions }) => store.evict?.(sessions));
