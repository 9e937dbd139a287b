/**
 * Where a session is kept.
 *
 * The one promise that matters is `update`: read, change and write as one step that all tabs see in the
 * same order. Storage that reads stale values after another tab's write loses sessions. The client keeps text alone;
 * `checkStorageContract` of `unexpired/testing` tells whether an adapter of your own keeps every promise.
 *
 * @example
 * ```ts
 * import type { AuthStorage } from 'unexpired/core';
 * const kept = new Map<string, unknown>();
 * const storage: AuthStorage = {
 *   name: 'map',
 *   read: async (key) => kept.get(key),
 *   update: async (key, change) => { kept.set(key, change(kept.get(key))); },
 * };
 * ```
 */
export interface AuthStorage {
  /** What it is called in the snapshot, such as `indexedDB`. */
  readonly name: string;
  /** The value kept under a key; `undefined` when there is none. */
  readonly read: (key: string) => Promise<unknown>;
  /** Replaces the value by `change(value)`, atomically; the same value back leaves it. Rejects when it could not be stored; `change` may be called again. */
  readonly update: (key: string, change: (current: unknown) => unknown) => Promise<void>;
}
