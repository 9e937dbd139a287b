import type { AuthStorage } from './storage.ts';

/**
 * Keeps the session in memory. It is gone when the page closes, and no other tab shares it.
 *
 * @example
 * ```ts
 * import { createAuthClient, memory } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: memory() });
 * ```
 */
export function memory(): AuthStorage {
  const values = new Map<string, unknown>();
  return {
    name: 'memory',
    read: (key) => Promise.resolve(values.get(key)),
    update: async (key, change) => void values.set(key, change(values.get(key))),
  };
}
