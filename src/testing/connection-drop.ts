// Registered, so that a drop from another copy of the package is still recognised.
const BRAND = Symbol.for('unexpired.ConnectionDrop');

/**
 * What `api.fetch` rejects with when a fault breaks the connection: a `TypeError`, as from a browser's `fetch`.
 * A server that puts the API behind real HTTP should destroy the socket when it sees one.
 */
export class ConnectionDrop extends TypeError {
  override readonly name = 'TypeError';

  constructor() {
    super('network connection lost');
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Whether an error is a connection that a fault has broken.
 *
 * @example
 * ```ts
 * import { createBonfireApi, isConnectionDrop } from 'unexpired/testing';
 * const api = createBonfireApi();
 * api.addFault({ endpoint: 'me', kind: 'dropBefore', times: 1 });
 * await api.fetch(new Request('https://bonfire.test/v1/users/me')).catch((error: unknown) => {
 *   if (!isConnectionDrop(error)) throw error;
 *   // in a server of your own: socket.destroy()
 * });
 * ```
 */
export function isConnectionDrop(error: unknown): error is ConnectionDrop {
  return typeof error === 'object' && error !== null && BRAND in error;
}
