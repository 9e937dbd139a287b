import type { AuthClient } from './auth-client.ts';
import { inspectorOf } from './inspector.ts';
import type { Platform } from './platform/platform.ts';

/** A condition that a tab can simulate. */
export type Simulated = 'expired' | 'offline' | 'online';

const NO_NETWORK: Pick<Platform, 'fetch' | 'isOnline'> = {
  fetch: () => Promise.reject(new TypeError('Failed to fetch')),
  isOnline: () => false,
};

/**
 * Makes a client's tab treat its token as expired, or its network as down.
 *
 * @param client the client of the tab
 * @param what `expired` lasts until the next refresh, `offline` until `online`
 * @throws AuthError `invalid_config` if `client` is not a client, `disposed`
 * @example
 * ```ts
 * import type { AuthClient } from 'unexpired/core';
 * import { simulate } from 'unexpired/testing';
 * const expire = (auth: AuthClient) => simulate(auth, 'expired'); // the next call refreshes first
 * ```
 */
export function simulate(client: AuthClient, what: Simulated): void {
  const { platform, door } = inspectorOf(client);
  door.start();
  if (what === 'expired') return door.store.dispatch({ type: 'lifeEnded' });
  const own: Partial<Platform> = platform; // It has no members of its own, but inherits those of the app's platform.
  if (what === 'offline') return void Object.assign(own, NO_NETWORK);
  for (const name of Object.keys(NO_NETWORK)) Reflect.deleteProperty(own, name);
  void door.wake(what);
}
