import { processUserInfoResponse, userInfoRequest, WWWAuthenticateChallengeError } from 'oauth4webapi';
import type { AuthClient } from '../core/auth-client.ts';
import { inspectorOf } from '../core/inspector.ts';
import { AuthError } from '../core/model/auth-error.ts';
import type { Proofs } from '../core/model/proofs.ts';
import { decodeClaims, type Claims, type TokenSet } from '../core/model/token-set.ts';
import { withDeadline } from '../core/platform/deadline.ts';
import type { Platform } from '../core/platform/platform.ts';
import type { SessionStore } from '../core/session/session-store.ts';
import { indexedDB } from '../core/storage/indexed-db.ts';
import { openStorage } from '../core/storage/storage.ts';
import { prepareFlow, requestAddress, type StartOptions } from './authorization-request.ts';
import { exchangeCode } from './code-exchange.ts';
import { checkedConfig, type CheckedConfig, type RedirectSignInConfig } from './config.ts';
import { createFlowStore, type FlowStore } from './flow-store.ts';
import { whenSignedIn } from './popup.ts';
import { signInError, signInExpired } from './redirect-error.ts';
import { returnPath } from './return-to.ts';
import { ANSWER_MS, asServer, createDiscovery, requestOptions, type ServerMetadata } from './server-metadata.ts';
import { browserWindow, type SignInWindow } from './sign-in-window.ts';

/** The address of a page, such as `window.location`. */
export interface PageLocation {
  readonly href: string;
}

/** A sign-in that has come back to the app. */
export interface FinishedSignIn {
  /** Where the user goes on, a path of this origin with its query and fragment. */
  readonly returnTo: string;
  /** The claims of the ID token; `null` if the scope has no `openid`. */
  readonly claims: Claims | null;
}

/** Signs users in by redirect. Every member works when it is passed around by itself. */
export interface RedirectSignIn {
  /**
   * Leaves the page for the authorization server. With `popup` it opens a window instead, and resolves once the user is signed in.
   *
   * @throws AuthError `invalid_config`, `grant_unavailable`, `misconfigured`, `invalid_response`, `storage_unavailable`; with `popup` also
   * `grant_refused` if the window is blocked or closed (`apiCode`: `popup_blocked`, `popup_closed`)
   */
  readonly start: (options?: StartOptions) => Promise<void>;
  /** Whether a page is the callback of a sign-in. Default: the current page. */
  readonly isCallback: (location?: PageLocation) => boolean;
  /**
   * Signs in with the answer in the address of the callback page, and takes it out of the address. A second call for the same address
   * gets the result of the first.
   *
   * @throws AuthError `grant_refused` (`apiCode` has the server's code, such as `access_denied` or `login_required`), `sign_in_expired`,
   * `invalid_response`, `grant_unavailable`, `misconfigured`, `storage_unavailable`, and those of `signIn`
   */
  readonly finish: (location?: PageLocation) => Promise<FinishedSignIn>;
  /**
   * Signs out in all tabs, and then at the authorization server, if it has an `end_session_endpoint`. The ID token is not sent, because it
   * would be in an address, so the server may ask the user.
   *
   * @param options `returnTo`: the path that the server sends the user back to; its address must be registered there. Default: `/`
   * @throws AuthError `storage_unavailable`, as `signOut` of the client; `grant_unavailable` or `misconfigured` if the user is signed out
   * here, and the server's address could not be loaded
   * @see OpenID Connect RP-Initiated Logout 1.0
   */
  readonly signOut: (options?: { readonly returnTo?: string | undefined }) => Promise<void>;
  /**
   * Asks the server for the claims of the signed-in user.
   *
   * @throws AuthError `misconfigured` if the server has no `userinfo_endpoint`, or as `getAccessToken`; `invalid_response` if the claims are of
   * another user
   * @see OpenID Connect Core section 5.3
   */
  readonly fetchUser: () => Promise<Claims>;
}

/** What the members share. */
interface RedirectContext {
  readonly auth: AuthClient;
  readonly platform: Platform;
  /** Binds the tokens to a key, if the client does that. */
  readonly proofs: Proofs | undefined;
  readonly store: SessionStore;
  readonly config: CheckedConfig;
  readonly window: SignInWindow;
  readonly flows: FlowStore;
  readonly metadata: () => Promise<ServerMetadata>;
  /** The names of the members of a token answer that the protocol of the client keeps. */
  readonly keep: readonly string[];
}

/**
 * Creates the sign-in by redirect at an OAuth 2.0 or OpenID Connect server, with code and PKCE. It touches nothing before its first use.
 *
 * A flow is kept in storage until it comes back, and is claimed once, so flows in two tabs do not disturb each other.
 *
 * @param auth the client that keeps the session, with the protocol `oauth2` of the same server
 * @param config see {@link RedirectSignInConfig}
 * @throws AuthError `invalid_config` naming the field
 * @see RFC 6749 section 4.1, RFC 7636 (PKCE), RFC 9207 (`iss`), RFC 9126 (pushed requests), RFC 9700 section 2.1
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { oauth2 } from 'unexpired/oauth2';
 * import { createRedirectSignIn } from 'unexpired/redirect';
 * const issuer = 'https://id.example.com';
 * const protocol = oauth2({ tokenEndpoint: `${issuer}/oauth/token`, clientId: 'my-app', resourceOrigins: ['https://api.example.com'] });
 * export const auth = createAuthClient({ protocol });
 * export const redirect = createRedirectSignIn(auth, { issuer, clientId: 'my-app', redirectUri: '/callback' });
 * ```
 */
export function createRedirectSignIn(auth: AuthClient, config: RedirectSignInConfig): RedirectSignIn {
  const { door: { platform, protocol, storage: ofClient, store } } = inspectorOf(auth);
  const checked = checkedConfig(config);
  const own = ofClient.name === 'indexedDB' ? ofClient : indexedDB(); // A second connection would be opened after the first.
  const storage = openStorage(checked.storage ?? own, platform);
  const discover = createDiscovery({ platform, storage, key: `${auth.storageKey}:issuer` }, checked.issuer);
  const context: RedirectContext = {
    auth,
    platform,
    proofs: protocol.proofs,
    store,
    config: checked,
    window: checked.window ?? browserWindow(),
    flows: createFlowStore(storage, `${auth.storageKey}:sign-ins`),
    metadata: async () => checked.server ?? discover(),
    keep: (protocol as { readonly keep?: readonly string[] }).keep ?? [],
  };
  const { isCallback, finish, returnToOfCallback } = createCallback(context);
  return { start: createStart(context, returnToOfCallback), isCallback, finish, signOut: createSignOut(context), fetchUser: createFetchUser(context) };
}

/** @param returnToOfCallback where a sign-in that starts on the callback page goes on; `null` on any other page */
function createStart({ auth, platform, proofs, config, window, flows, metadata }: RedirectContext, returnToOfCallback: () => string | null): RedirectSignIn['start'] {
  async function prepare(options: StartOptions): Promise<string> {
    const now = platform.now().wall;
    const own = { ...options, returnTo: options.returnTo ?? returnToOfCallback() ?? undefined };
    const prepared = await prepareFlow(config, await metadata(), own, window.href(), now, await proofs?.newKey(platform));
    const [address] = await Promise.all([requestAddress(platform, config.clientId, prepared), flows.add(prepared.state, prepared.flow, now)]);
    return address;
  }

  return async (options = {}) => {
    if (!options.popup) return window.go(await prepare(options));
    const popup = window.openPopup(); // Before anything is awaited, because browsers open a window during a click only.
    if (!popup) throw new AuthError('grant_refused', 'The browser blocked the window of the sign-in. Call `start` in the click, or sign in without `popup`.', { apiCode: 'popup_blocked' });
    try {
      popup.go(await prepare(options));
      await whenSignedIn(auth, platform, popup);
    } finally {
      popup.close();
    }
  };
}

function createCallback({ auth, platform, proofs, store, config, window, flows, keep }: RedirectContext) {
  const finishing = new Map<string, Promise<FinishedSignIn>>();
  let lastReturnTo: string | null = null;

  function isCallbackPage(href: string): boolean {
    const [page, callback] = [new URL(href), new URL(config.redirectUri, href)];
    return page.origin === callback.origin && page.pathname === callback.pathname;
  }

  async function redeem(state: string, parameters: URLSearchParams): Promise<FinishedSignIn> {
    const flow = await flows.claim(state, platform.now().wall);
    if (!flow) throw signInExpired();
    const { returnTo, redirectUri, isPopup } = flow;
    lastReturnTo = returnTo;
    const { pathname, search } = new URL(redirectUri);
    window.rename(pathname + search); // The code must not stay in the history.
    const { extra } = await auth.signIn(() => exchangeCode({ platform, proofs, clockOffset: store.getSnapshot().clockOffset, clientId: config.clientId, keep }, state, flow, parameters));
    if (isPopup) window.close();
    return { returnTo, claims: claimsIn({ extra }) };
  }

  return {
    returnToOfCallback: () => (isCallbackPage(window.href()) ? lastReturnTo ?? '/' : null),
    isCallback: ({ href }: PageLocation = { href: window.href() }) => isCallbackPage(href) && /[?&](code|error)=/.test(href) && new URL(href).searchParams.has('state'),
    finish({ href }: PageLocation = { href: window.href() }): Promise<FinishedSignIn> {
      const parameters = new URL(href).searchParams;
      const state = parameters.get('state') ?? '';
      // A code works once, and StrictMode runs effects twice.
      const finished = finishing.get(state) ?? redeem(state, parameters);
      finishing.set(state, finished);
      return finished;
    },
  };
}

function createSignOut({ auth, config, window, metadata }: RedirectContext): RedirectSignIn['signOut'] {
  return async ({ returnTo = '/' } = {}) => {
    await auth.signOut();
    const { end_session_endpoint: endpoint } = await metadata();
    const pageUrl = window.href();
    const path = returnPath(returnTo, pageUrl);
    if (endpoint === undefined) return window.go(path);
    const address = new URL(endpoint);
    for (const [name, value] of Object.entries({ client_id: config.clientId, post_logout_redirect_uri: new URL(path, pageUrl).href })) address.searchParams.set(name, value);
    window.go(address.href);
  };
}

function createFetchUser({ auth, platform, proofs, store, config, metadata }: RedirectContext): RedirectSignIn['fetchUser'] {
  return async () => {
    const server = await metadata();
    if (server.userinfo_endpoint === undefined) throw new AuthError('misconfigured', 'The authorization server has no `userinfo_endpoint`; use the claims of the ID token.');
    const token = await auth.getAccessToken();
    const { tokens, clockOffset } = store.getSnapshot();
    const { sub } = claimsIn(tokens) ?? {};
    const sender = (tokens && proofs?.on(platform, { ...tokens, accessToken: token }, clockOffset)) ?? platform;
    try {
      const response = await withDeadline(platform, ANSWER_MS, (signal) => userInfoRequest(asServer(server), { client_id: config.clientId }, token, requestOptions(sender, server.issuer, signal)));
      return { ...(await processUserInfoResponse(asServer(server), { client_id: config.clientId }, `${sub}`, response)) } as Claims;
    } catch (error) {
      if (error instanceof WWWAuthenticateChallengeError) throw new AuthError('misconfigured', 'The `userinfo_endpoint` does not accept the access token, for example because it is for another API. Use the claims of the ID token.');
      throw signInError(error, 'the user', platform);
    }
  };
}

function claimsIn(tokens: Pick<TokenSet, 'extra'> | null): Claims | null {
  const idToken = tokens?.extra?.['id_token'];
  return typeof idToken === 'string' ? decodeClaims(idToken) : null;
}
