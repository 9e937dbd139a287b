import type { AuthClient } from './auth-client.ts';
import { createObservers } from './events/observers.ts';
import { inspectorOf } from './inspector.ts';
import type { ClientEvent } from './model/client-event.ts';
import type { Release } from './platform/platform.ts';

/**
 * Calls back for each event that the snapshot does not show: calls, replays, refresh requests, refusals, locks, writes and
 * records that cannot be read. No event contains a token.
 *
 * @param client the client to observe
 * @param observer gets each event; its errors are reported as uncaught errors
 * @returns a function that ends it
 * @throws AuthError `invalid_config`, with the field `client`
 * @example
 * ```ts
 * import { observe, type AuthClient } from 'unexpired/core';
 * const logReplays = (auth: AuthClient) => observe(auth, (event) => {
 *   if (event.type === 'callSent' && event.send === 2) console.info('replayed call', event.call);
 * });
 * ```
 */
export function observe(client: AuthClient, observer: (event: ClientEvent) => void): Release {
  const { platform, door: { observers } } = inspectorOf(client);
  const on = observers.on ?? Object.assign(observers, createObservers(platform)).on;
  return on(observer);
}
