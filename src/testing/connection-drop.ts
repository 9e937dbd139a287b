// The symbol is registered globally, so that an error from another copy of the package is recognised, too.
const BRAND = Symbol.for('unexpired.ConnectionDrop');

/**
 * The error of `api.fetch` when a fault breaks the connection. It is a `TypeError`, like the network error of a browser's
 * `fetch`. A server that serves the API over HTTP should destroy the socket when it catches one.
 */
export class ConnectionDrop extends TypeError {
  override readonly name = 'TypeError';

  constructor() {
    super('network connection lost');
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Returns whether an error means that a fault broke the connection.
 *
 * @param error the error that `api.fetch` rejected with
 * @example
 * ```ts
 * import { createBonfireApi, isConnectionDrop } from 'unexpired/testing';
 * const api = createBonfireApi();
 * api.addFault({ endpoint: 'me', kind: 'dropBefore', times: 1 });
 * await api.fetch(new Request('https://bonfire.test/v1/users/me')).catch((error: unknown) => {
 *   if (!isConnectionDrop(error)) throw error;
 *   // A server would call socket.destroy() here.
 * });
 * ```
 */
export function isConnectionDrop(error: unknown): error is ConnectionDrop {
  return typeof error === 'object' && error !== null && BRAND in error;
}
