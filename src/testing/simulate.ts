import type { AuthClient } from '../core/auth-client.ts';
import { inspectorOf, type Simulated } from '../core/inspector.ts';

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
  inspectorOf(client).simulate(what);
}
