import { invalidSetting } from '../model/auth-error.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * A place that keeps the session.
 *
 * `update` must read, change and write in one step that all tabs see in the same order. A storage that reads stale values
 * after another tab's write loses sessions. The client stores text only. `checkStorageContract` of `unexpired/testing`
 * checks an adapter of your own.
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
  /** The name in the snapshot, such as `indexedDB`. */
  readonly name: string;
  /** Resolves to the value of a key; `undefined` if there is none. */
  readonly read: (key: string) => Promise<unknown>;
  /** Replaces the value by `change(value)`, atomically. The same value back means "no change". Rejects if the value could not be stored. `change` may run more than once. */
  readonly update: (key: string, change: (current: unknown) => unknown) => Promise<void>;
}

/** A storage, or a function that opens one on the client's platform. */
export type StorageOption = AuthStorage | ((platform: Platform) => AuthStorage);

/**
 * Opens a storage on a platform.
 *
 * @throws AuthError `invalid_config`
 */
export function openStorage(option: StorageOption, platform: Platform): AuthStorage {
  const storage = typeof option === 'function' ? option(platform) : option;
  if (typeof storage?.update !== 'function') throw invalidSetting('storage', storage);
  return storage;
}
