import { clientHint } from '#words';
import type { AuthClient } from './auth-client.ts';
import type { Hold } from './hold-calls.ts';
import { invalidConfig } from './model/auth-error.ts';
import type { Platform, WakeSignal } from './platform/platform.ts';
import type { RefreshLock } from './refresh/refresh-lock.ts';
import type { AcquireToken } from './refresh/token-source.ts';
import type { GetAccessToken } from './request/access-token.ts';
import type { Renew } from './request/renewal.ts';
import type { ClientContext } from './session/client-context.ts';
import type { RemoveCookie } from './session/cookie-removal.ts';
import type { SessionStore } from './session/session-store.ts';
import type { AuthStorage } from './storage/storage.ts';

/** The access of devtools, tests and functions such as `requestTokens` to a client, beside its public members. */
export interface ClientInspector {
  /** An object of the client's own, which inherits from the app's platform. So `simulate` can replace members of it. */
  readonly platform: Platform;
  /** The configured `leadMs`. */
  readonly leadMs: number;
  readonly door: ClientDoor;
}

/** The parts of a client for functions that an app imports if it needs them. */
export interface ClientDoor extends ClientContext {
  /** Starts the client. Throws `disposed`. */
  readonly start: () => void;
  readonly wake: (signal: WakeSignal) => Promise<void>;
  readonly removeCookie: RemoveCookie;
  readonly storage: AuthStorage;
  readonly store: SessionStore;
  readonly lock: RefreshLock;
  readonly acquireToken: AcquireToken;
  readonly renew: Renew;
  readonly getAccessToken: GetAccessToken;
  /** What `holdCalls` has made for this client, until that is disposed. */
  hold?: Hold | undefined;
}

// The symbol is registered, so that the devtools of another copy of the package find the inspector.
const INSPECTOR = Symbol.for('unexpired.inspector');

/** Attaches an inspector to a client. It is enumerable, so that a copy such as `{ ...client, signOut }` has it, too. */
export function withInspector(client: AuthClient, inspector: ClientInspector): AuthClient {
  return Object.defineProperty(client, INSPECTOR, { value: inspector, enumerable: true });
}

/** Returns the platform of a client that is known to be one. */
export function platformOf(client: AuthClient): Platform {
  return (client as object as { readonly [INSPECTOR]: ClientInspector })[INSPECTOR].platform;
}

/** Returns the hold of a client, if `holdCalls` has made one. */
export function holdOf(client: AuthClient): Hold | undefined {
  return (client as object as { readonly [INSPECTOR]?: ClientInspector })[INSPECTOR]?.door.hold;
}

/**
 * Returns the inspector of a client.
 *
 * @throws AuthError `invalid_config` for anything that `createAuthClient` did not make
 */
export function inspectorOf(client: AuthClient): ClientInspector {
  const inspector = (client as { readonly [INSPECTOR]?: ClientInspector } | undefined)?.[INSPECTOR];
  if (!inspector) throw invalidConfig('client', `must be a client that \`createAuthClient\` created${clientHint(client)}`);
  return inspector;
}
