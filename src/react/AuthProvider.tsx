import { useClientAdvice } from '#advice-react';
import { useEffect, useInsertionEffect, useMemo, useState, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import type { AuthClient, AuthClientConfig } from '../core/auth-client.ts';
import { confirmSession, initialSnapshot, type InitialSession } from '../core/confirm-session.ts';
import { createAuthClient } from '../core/create-auth-client.ts';
import { inspectorOf } from '../core/inspector.ts';
import { invalidConfig } from '../core/model/auth-error.ts';
import { LOADING_SNAPSHOT } from '../core/model/snapshot.ts';
import { AuthContext } from './auth-context.ts';

/** Either a client that the app creates and disposes, or the config of one that lives as long as the provider. */
export type AuthProviderProps = {
  readonly children?: ReactNode;
  /**
   * The session as the server saw it when it rendered the page, such as `session.snapshot()` of `unexpired/server`. Components show it on
   * the server, while hydrating, and until the client is no longer loading. It is read once.
   */
  readonly initialSession?: InitialSession | undefined;
} & (
  | { readonly client: AuthClient; readonly config?: never }
  | { readonly config: AuthClientConfig; readonly client?: never }
);

/**
 * Provides a client to the components below it.
 *
 * With `config`, put a `Suspense` below the provider if a child suspends. React discards a tree that suspends before it
 * is mounted, so a provider below the `Suspense` would create another client each time. With `client`, both places work.
 *
 * @param props `client`, created outside the component; or `config`, which is read once (use another `key` to change it)
 * @throws AuthError `invalid_config` if `client` is not a client, if both are missing, or if `createAuthClient` rejects the config
 * @example
 * ```tsx
 * import { AuthProvider, createAuthClient, SignedIn, SignedOut } from 'unexpired';
 * import { bonfire } from 'unexpired/bonfire';
 * const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' }) });
 * const app = (
 *   <AuthProvider client={auth}>
 *     <SignedIn>Welcome back</SignedIn>
 *     <SignedOut>Please sign in</SignedOut>
 *   </AuthProvider>
 * );
 * ```
 */
export function AuthProvider({ client, config, initialSession, children }: AuthProviderProps): ReactElement {
  useClientAdvice(client);
  if (client) {
    inspectorOf(client); // Throws for anything but a client, such as a protocol.
    return <ProvidedClient client={client} initialSession={initialSession}>{children}</ProvidedClient>;
  }
  if (!config) throw invalidConfig('client', 'or `config` must be passed to <AuthProvider>');
  return <OwnedClient config={config} initialSession={initialSession}>{children}</OwnedClient>;
}

interface ProvidedProps extends Pick<AuthProviderProps, 'initialSession' | 'children'> {
  readonly client: AuthClient;
}

function ProvidedClient({ client, initialSession, children }: ProvidedProps): ReactElement {
  const [seen] = useState(initialSession);
  const initial = useMemo(() => (seen ? initialSnapshot(seen) : LOADING_SNAPSHOT), [seen]);
  // Before the effects of all components below, because the first of these may start the client.
  useInsertionEffect(() => void (seen && confirmSession(client, seen)), [client, seen]);
  // Starts the client even if no component below reads the session.
  const sessionId = useSyncExternalStore(client.subscribe, () => client.getSnapshot().sessionId, () => null);
  const provided = useMemo(() => ({ client, initial, sessionId }), [client, initial, sessionId]);
  return <AuthContext.Provider value={provided}>{children}</AuthContext.Provider>;
}

function OwnedClient({ config, ...props }: Omit<ProvidedProps, 'client'> & { readonly config: AuthClientConfig }): ReactElement {
  const [owner, setOwner] = useState(() => createOwner(config));
  // A hidden <Activity> unmounts the effects and keeps the state, so it needs another client when it is shown again.
  useEffect(() => owner.mount(setOwner), [owner]);
  return <ProvidedClient client={owner.client} {...props} />;
}

interface Owner {
  readonly client: AuthClient;
  readonly mount: (replace: (owner: Owner) => void) => () => void;
}

/** Creates a client that is disposed with the last unmount of its provider, and replaced if that is mounted again. */
function createOwner(config: AuthClientConfig): Owner {
  const client = createAuthClient(config);
  let mounts = 0;

  function mount(replace: (owner: Owner) => void): () => void {
    mounts++;
    return () => {
      mounts--;
      // StrictMode and hot reloading unmount and mount again at once. Only a real unmount lasts for a microtask.
      void Promise.resolve().then(() => {
        if (mounts > 0) return;
        client.dispose();
        replace(createOwner(config)); // When the tree is shown again, the effects below it need a client that is not disposed.
      });
    };
  }

  return { client, mount };
}
