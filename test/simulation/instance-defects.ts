import type { SessionStore } from 'unexpired/server';
import { replace, type Defect, type Replacement } from './replacement.ts';

/** Replaces methods of the store that each instance is created with. */
function replaceOnStore(methodsOf: (store: SessionStore) => Partial<SessionStore>): Replacement {
  return replace('server/sessions.ts', 'createSessions', (create) => (config) => {
    if (!config.store) throw new Error('The simulation must give its instances a store.');
    return create({ ...config, store: { ...config.store, ...methodsOf(config.store) } });
  });
}

const REFRESHER = 'core/refresh/refresher.ts';
const DAY_MS = 86_400_000;

/** The deliberate defects of several instances of a server. */
export const INSTANCE_DEFECTS: readonly Defect[] = [
  {
    name: 'etag-ignored',
    isOfInstances: true,
    replacements: [
      replaceOnStore(({ replace: write }) => ({
        async replace(key, ifMatch, next) {
          const found = await write(key, ifMatch, next);
          return found.isDone || !found.row ? found : write(key, found.row.etag, next);
        },
      })),
    ],
  },
  {
    name: 'lease-not-extended',
    isOfInstances: true,
    replacements: [replaceOnStore(({ extend }) => ({ extend: (key, owner, leaseMs) => (leaseMs > 0 ? Promise.resolve(true) : extend(key, owner, leaseMs)) }))],
  },
  {
    name: 'removed-row-revived',
    isOfInstances: true,
    replacements: [
      replaceOnStore(({ replace: write, insert }) => ({
        async replace(key, ifMatch, next) {
          const found = await write(key, ifMatch, next);
          if (found.isDone || found.row) return found;
          await insert(key, { text: next.text, etag: next.etag, subject: null, idleMs: DAY_MS, absoluteMs: DAY_MS });
          return { isDone: true };
        },
      })),
    ],
  },
  {
    // An instance that finds no row writes back the session that it has in memory.
    name: 'missing-row-is-empty',
    isOfInstances: true,
    replacements: [
      replace('server/row-storage.ts', 'createRowStorage', (create) => (context, key, isNew) => {
        let row = create(context, key, isNew);
        return {
          ...row,
          read: (name) => row.read(name),
          update: (name, change) => row.update(name, change),
          async load() {
            const isThere = await row.load();
            if (!isThere) row = create(context, key, true);
            return isThere;
          },
        };
      }),
    ],
  },
  {
    name: 'refresh-without-store',
    isOfInstances: true,
    replacements: [replace('server/lease-lock.ts', 'createLeaseLock', (create) => (...args) => ({ ...create(...args), reserve: () => Promise.resolve(() => undefined), isRunning: () => Promise.resolve(false) }))],
  },
  {
    name: 'leases-ignored',
    isOfInstances: true,
    replacements: [replace('server/lease-lock.ts', 'createLeaseLock', (create) => (...args) => ({ ...create(...args), watch: () => () => Promise.resolve(false) }))],
  },
  {
    name: 'own-clock',
    isOfInstances: true,
    replacements: [replace('server/store-clock.ts', 'createStoreClock', (create) => (own) => ({ ...create(own), follow: () => undefined }))],
  },
  {
    // An instance refreshes for a rejected token although another one has just done so.
    name: 'rejected-token-not-compared',
    isOfInstances: true,
    replacements: [
      replace('core/model/token-decision.ts', 'isUsable', () => () => false, REFRESHER),
      replace('core/model/refresh-failure.ts', 'isSameFailure', () => () => true, REFRESHER),
    ],
  },
  {
    name: 'sign-out-not-repeated',
    isOfInstances: true,
    replacements: [
      replaceOnStore(({ remove }) => ({
        async remove(key, ifMatch) {
          await remove(key, ifMatch);
          return { isDone: true };
        },
      })),
    ],
  },
  {
    // The reason of an end does not say that the answer of a killed instance was lost.
    name: 'lost-rotation-not-noted',
    isOfInstances: true,
    replacements: [
      replace('core/model/record-change.ts', 'noteAttemptChange', (note) => (seen, attemptId, pendingSince) => (current, stored) => {
        const next = note(seen, attemptId, pendingSince)(current, stored);
        return next.status === 'signedIn' && current.status === 'signedIn' ? { ...next, maybeRotated: current.maybeRotated } : next;
      }),
    ],
  },
  {
    name: 'watch-kept',
    isOfInstances: true,
    replacements: [
      replaceOnStore(({ watch }) => (watch ? {
        watch(key, onChange) {
          watch(key, onChange);
          return () => undefined;
        },
      } : {})),
    ],
  },
];
