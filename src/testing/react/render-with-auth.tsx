import { render, type RenderOptions, type RenderResult } from '@testing-library/react';
import { Fragment, useEffect, useRef, type ReactNode } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { createAuthClient } from '../../core/create-auth-client.ts';
import { inCookie } from '../../core/in-cookie.ts';
import { browserPlatform } from '../../core/platform/browser-platform.ts';
import type { TokenSet } from '../../core/model/token-set.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { memory } from '../../core/storage/memory.ts';
import { bonfire, type BonfireConfig } from '../../protocols/bonfire/bonfire.ts';
import { createBotTokens } from '../../protocols/bonfire/bot-tokens.ts';
import { AuthProvider } from '../../react/AuthProvider.tsx';
import type { BonfireApi } from '../bonfire-api.ts';
import { createCookieJar } from '../cookie-jar.ts';
import { createBonfireApi } from '../create-bonfire-api.ts';

/** The options of {@link renderWithAuth}, with those of Testing Library's `render`. */
export interface RenderWithAuthOptions extends Omit<RenderOptions, 'queries'> {
  /** The id of a bot of the API, a token set, or `null` for signed out; default `'ember'`. */
  readonly signedInAs?: string | TokenSet | null;
  /** The embedded API that answers; a new one by default. If it keeps refresh tokens in a cookie, the client uses that cookie. */
  readonly api?: BonfireApi;
  /** Your own client. It is not signed in and not disposed of, and `signedInAs` and `api` have no effect on it. */
  readonly auth?: AuthClient;
}

/** The result of Testing Library's `render`, with the client and its API. */
export interface RenderWithAuthResult extends RenderResult {
  readonly auth: AuthClient;
  readonly api: BonfireApi;
}

const BASE_URL = 'https://api.bonfire.test/v1';

/**
 * Renders a tree inside an `AuthProvider` whose client is signed in at an embedded API.
 *
 * The client is disposed of when the tree unmounts. Testing Library unmounts it after each test.
 *
 * @param ui the tree, without a provider
 * @param options who is signed in, the API, and the options of `render`; each has a default
 * @returns the result of `render`, with the client and the API, after the sign-in
 * @throws AuthError the errors of `signIn`, such as `grant_refused` for a bot that does not exist
 * @example
 * ```tsx
 * import { screen } from '@testing-library/react';
 * import { SignedIn } from 'unexpired';
 * import { renderWithAuth } from 'unexpired/testing/react';
 * const { auth, api } = await renderWithAuth(<SignedIn>Welcome back</SignedIn>, { signedInAs: 'ember' });
 * screen.getByText('Welcome back');
 * api.revokeAccessTokens();
 * const response = await auth.fetch('/users/me'); // The API answers 450, the client refreshes once, and the second send gets 200.
 * ```
 */
export async function renderWithAuth(ui: ReactNode, options: RenderWithAuthOptions = {}): Promise<RenderWithAuthResult> {
  const { signedInAs = 'ember', api = createBonfireApi(), auth: given, ...rest } = options;
  if (given) return { ...renderProvided(ui, given, rest, false), auth: given, api };
  const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key', ...cookieConfigOf(api) });
  const auth = createAuthClient({ protocol, platform: platformOver(api), storage: memory() });
  try {
    if (signedInAs === null) await auth.signOut();
    else await auth.signIn(typeof signedInAs === 'string' ? createBotTokens(protocol, [signedInAs]) : signedInAs);
    return { ...renderProvided(ui, auth, rest, true), auth, api };
  } catch (error) {
    auth.dispose(); // Without a tree no unmount disposes of the client.
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

/** Returns the settings of a protocol for an API that keeps refresh tokens in a cookie. */
function cookieConfigOf({ settings: { refreshToken, cookie } }: BonfireApi): Pick<BonfireConfig, 'refreshToken' | 'signOutPath'> {
  if (refreshToken === 'body') return {};
  return { refreshToken: inCookie({ csrfHeader: cookie.csrfHeader ?? undefined, hintCookie: cookie.hintCookie ?? undefined }), signOutPath: '/sign-out' };
}

function platformOver(api: BonfireApi): Platform {
  if (api.settings.refreshToken === 'body') return { ...browserPlatform(), fetch: api.fetch };
  const { fetch, readCookie } = createCookieJar(api.fetch, { page: BASE_URL });
  return { ...browserPlatform(), fetch, readCookie };
}

/** Disposes of the client when the tree unmounts, but not when StrictMode unmounts and mounts it again. */
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
