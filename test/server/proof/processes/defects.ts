import type { SessionStore } from 'unexpired/server';
import type { Defect } from '../support/types.ts';

const HOUR = 3_600_000;

/** The faults, each as a store that works wrongly under the engine. */
const DEFECTIVE: Readonly<Record<Defect, (store: SessionStore) => SessionStore>> = {
  'ignores-etag': (store) => ({
    ...store,
    async replace(key, _, next) {
      for (;;) {
        const row = await store.read(key, HOUR);
        if (!row) return { isDone: false, row };
        const write = await store.replace(key, row.etag, next);
        if (write.isDone) return write;
      }
    },
  }),
  'never-extends': (store) => ({ ...store, extend: (key, owner, leaseMs) => (leaseMs > 0 ? Promise.resolve(true) : store.extend(key, owner, leaseMs)) }),
  'missing-row-is-empty': (store) => ({
    ...store,
    async replace(key, ifMatch, next) {
      const write = await store.replace(key, ifMatch, next);
      if (write.isDone || write.row) return write;
      await store.insert(key, { text: next.text, etag: next.etag, subject: null, idleMs: HOUR, absoluteMs: HOUR });
      return { isDone: true };
    },
  }),
};

/** Returns the store with a defect, or the store itself. */
export function withDefect(store: SessionStore, defect: Defect | null): SessionStore {
  return defect ? DEFECTIVE[defect](store) : store;
}
