import { useEffect, useMemo, useState, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import type { AuthClient, AuthClientConfig } from '../core/auth-client.ts';
import { createAuthClient } from '../core/create-auth-client.ts';
import { invalidConfig } from '../core/model/auth-error.ts';
import { AuthContext } from './auth-context.ts';

/** Either a client that the app made and disposes of, or a config for one that lives as long as the provider. */
export type AuthProviderProps = { readonly children?: ReactNode } & (
  | { readonly client: AuthClient; readonly config?: never }
  | { readonly config: AuthClientConfig; readonly client?: never }
);

/**
 * Gives the tree below its session.
 *
 * With `config`, a child that suspends needs a `Suspense` below the provider: React forgets what suspends before it was
 * mounted, so that a provider below the `Suspense` would make a client anew each time. With `client` either place will do.
 *
 * @param props `client`, or `config` (read once; give another `key` to change it)
 * @throws AuthError `invalid_config` without either, and from `createAuthClient`
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
export function AuthProvider({ client, config, children }: AuthProviderProps): ReactElement {
  if (client) return <ProvidedClient client={client}>{children}</ProvidedClient>;
  if (!config) throw invalidConfig('client', 'or `config` must be given to <AuthProvider>');
  return <OwnedClient config={config}>{children}</OwnedClient>;
}

function ProvidedClient({ client, children }: { client: AuthClient; children: ReactNode }): ReactElement {
  // Starts the client even where nobody below reads the session.
  const sessionId = useSyncExternalStore(client.subscribe, () => client.getSnapshot().sessionId, () => null);
  const provided = useMemo(() => ({ client, sessionId }), [client, sessionId]);
  return <AuthContext.Provider value={provided}>{children}</AuthContext.Provider>;
}

function OwnedClient({ config, children }: { config: AuthClientConfig; children: ReactNode }): ReactElement {
  const [owner, setOwner] = useState(() => createOwner(config));
  // A hidden <Activity> unmounts the effects and keeps the state: shown again, it needs another client.
  useEffect(() => owner.mount(setOwner), [owner]);
  return <ProvidedClient client={owner.client}>{children}</ProvidedClient>;
}

interface Owner {
  readonly client: AuthClient;
  readonly mount: (replace: (owner: Owner) => void) => () => void;
}

/** A client that is disposed of with the last mount of its provider, and replaced when that is mounted once more. */
function createOwner(config: AuthClientConfig): Owner {
  const client = createAuthClient(config);
  let mounts = 0;

  function mount(replace: (owner: Owner) => void): () => void {
    mounts++;
    return () => {
      mounts--;
      // StrictMode and hot reloading unmount and mount again at once: only a real end is still one a microtask later.
      void Promise.resolve().then(() => {
        if (mounts > 0) return;
        client.dispose();
        replace(createOwner(config)); // By the time it is shown again, the effects below must find one that lives.
      });
    };
  }

  return { client, mount };
}
