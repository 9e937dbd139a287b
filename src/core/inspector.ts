import { clientHint } from '#words';
import type { AuthClient } from './auth-client.ts';
import { invalidConfig } from './model/auth-error.ts';
import type { GrantDoor } from './model/grant.ts';
import type { Platform } from './platform/platform.ts';

/** The access of devtools, tests and `requestTokens` to a client, beside its public members. */
export interface ClientInspector {
  readonly platform: Platform;
  /** The configured `leadMs`. */
  readonly leadMs: number;
  /** Makes this tab treat its token as expired until the next refresh, or its network as down until `online`. */
  readonly simulate: (what: Simulated) => void;
  /** Starts the client and returns what a grant needs. */
  readonly openDoor: () => GrantDoor;
}

/** A condition that a tab can simulate. */
export type Simulated = 'expired' | 'offline' | 'online';

// The symbol is registered, so that the devtools of another copy of the package find the inspector.
const INSPECTOR = Symbol.for('unexpired.inspector');

/** Attaches an inspector to a client. It is enumerable, so that a copy such as `{ ...client, signOut }` has it, too. */
export function withInspector(client: AuthClient, inspector: ClientInspector): AuthClient {
  return Object.defineProperty(client, INSPECTOR, { value: inspector, enumerable: true });
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
