import { render, type RenderOptions, type RenderResult } from '@testing-library/react';
import { Fragment, useEffect, useRef, type ReactNode } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { createAuthClient } from '../../core/create-auth-client.ts';
import { browserPlatform } from '../../core/platform/browser-platform.ts';
import type { TokenSet } from '../../core/model/token-set.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { memory } from '../../core/storage/memory.ts';
import { bonfire } from '../../protocols/bonfire/bonfire.ts';
import { AuthProvider } from '../../react/AuthProvider.tsx';
import type { BonfireApi } from '../bonfire-api.ts';
import { createBonfireApi } from '../create-bonfire-api.ts';

/** How to render, besides what Testing Library can be told. */
export interface RenderWithAuthOptions extends Omit<RenderOptions, 'queries'> {
  /** Who is signed in: a bot of the API, a token set, or `null` for nobody (`'ember'`). */
  readonly signedInAs?: string | TokenSet | null;
  /** The API that answers (a new one). */
  readonly api?: BonfireApi;
  /** A client of your own, which is then left as it is: `signedInAs` and `api` are not used, and it is not disposed of. */
  readonly auth?: AuthClient;
}

/** What Testing Library returns, with the client and the API that it talks to. */
export interface RenderWithAuthResult extends RenderResult {
  readonly auth: AuthClient;
  readonly api: BonfireApi;
}

const BASE_URL = 'https://api.bonfire.test/v1';

/**
 * Renders a tree as an app would show it to somebody who is signed in, over an embedded API.
 *
 * The client is disposed of when the tree is unmounted, as Testing Library does after each test.
 *
 * @param ui the tree, without a provider
 * @param options see {@link RenderWithAuthOptions}
 * @returns as soon as the session is known
 * @throws AuthError as `signIn`, such as `grant_refused` for a bot that the API does not know
 * @example
 * ```tsx
 * import { screen } from '@testing-library/react';
 * import { SignedIn } from 'unexpired';
 * import { renderWithAuth } from 'unexpired/testing/react';
 * const { auth, api } = await renderWithAuth(<SignedIn>Welcome back</SignedIn>, { signedInAs: 'ember' });
 * screen.getByText('Welcome back');
 * api.revokeAccessTokens();
 * const response = await auth.fetch('/users/me'); // 450, one refresh, 200
 * ```
 */
export async function renderWithAuth(ui: ReactNode, options: RenderWithAuthOptions = {}): Promise<RenderWithAuthResult> {
  const { signedInAs = 'ember', api = createBonfireApi(), auth: given, ...rest } = options;
  if (given) return { ...renderProvided(ui, given, rest, false), auth: given, api };
  const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key' });
  const auth = createAuthClient({ protocol, platform: platformOver(api), storage: memory() });
  try {
    if (signedInAs === null) await auth.signOut();
    else await auth.signIn(typeof signedInAs === 'string' ? protocol.createBotTokens([signedInAs]) : signedInAs);
    return { ...renderProvided(ui, auth, rest, true), auth, api };
  } catch (error) {
    auth.dispose(); // There is no tree that would.
    throw error;
  }
}

function renderProvided(ui: ReactNode, auth: AuthClient, { wrapper: Wrapper = Fragment, ...options }: Omit<RenderOptions, 'queries'>, owned: boolean): RenderResult {
  const provided = (children: ReactNode) => {
    const tree = <Wrapper>{children}</Wrapper>;
    return <AuthProvider client={auth}>{owned ? <Owner auth={auth}>{tree}</Owner> : tree}</AuthProvider>;
  };
  const result = render(provided(ui), options);
  return { ...result, rerender: (next) => result.rerender(provided(next)) };
}

function platformOver(api: BonfireApi): Platform {
  return { ...browserPlatform(), fetch: api.fetch };
}

/** Disposes of the client with the tree; StrictMode unmounts and mounts again at once. */
function Owner({ auth, children }: { readonly auth: AuthClient; readonly children: ReactNode }) {
  const mounts = useRef(0);
  useEffect(() => {
    const mounted = mounts;
    mounted.current++;
    return () => {
      mounted.current--;
      void Promise.resolve().then(() => mounted.current === 0 && auth.dispose());
    };
  }, [auth]);
  return children;
}
