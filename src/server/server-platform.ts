import { browserPlatform } from '../core/platform/browser-platform.ts';
import type { Platform } from '../core/platform/platform.ts';

/** Everything impure that an instance does. */
export interface ServerPlatform extends Platform {
  /** WebCrypto: draws session ids, hashes them, and encrypts the tokens. */
  readonly crypto: typeof globalThis.crypto;
}

/**
 * Creates the platform of a server instance. It has no locks and no channel, because the store's leases do that for all instances.
 * It prints an error of the app's own code. As an uncaught one, it would end the process for all users.
 *
 * @example
 * ```ts
 * import { createSessions, serverPlatform } from 'unexpired/server';
 * import { oauth2 } from 'unexpired/oauth2';
 * const protocol = oauth2({ resourceOrigins: ['https://api.example.com'], tokenEndpoint: 'https://auth.example.com/token', clientId: 'web' });
 * const platform = { ...serverPlatform(), warn: (text: string) => console.error(text) };
 * const sessions = createSessions({ protocol, platform, secrets: ['a-secret-of-at-least-32-characters-1'] });
 * ```
 */
export function serverPlatform(): ServerPlatform {
  const report = (error: unknown) => globalThis.console.error(error);
  return { ...browserPlatform(), report, locks: null, openChannel: null, isOnline: () => true, onWake: () => () => undefined, pageUrl: () => null, crypto: globalThis.crypto };
}
