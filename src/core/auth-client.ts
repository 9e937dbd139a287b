import type { Protocol } from './model/protocol.ts';
import type { AuthSnapshot } from './model/snapshot.ts';
import type { TokenSet } from './model/token-set.ts';
import type { Platform, Release } from './platform/platform.ts';
import type { AccessTokenOptions } from './request/access-token.ts';
import type { InterceptorEntry } from './request/interceptors.ts';
import type { SignInInput } from './session/sign-in.ts';
import type { StorageOption } from './storage/storage.ts';

/** The configuration of a client. */
export interface AuthClientConfig {
  /** The protocol of the API, such as `bonfire({ baseUrl, appKey })`. */
  readonly protocol: Protocol;
  /** Where the session is kept. Default: IndexedDB, or memory if there is none. */
  readonly storage?: StorageOption | undefined;
  /** Names the session. Clients with the same key share it, over all tabs. Default: the API's base URL. Two App Keys of one API need two keys. */
  readonly storageKey?: string | undefined;
  /** The longest time before expiry at which a token is refreshed, ms. Default: 10 min, and never more than a quarter of the token's life. */
  readonly leadMs?: number | undefined;
  /**
   * What ends a session whose refresh token the API refuses. With `refused`, the default, the refusal does. With
   * `token_expires`, the session ends when its access token has expired or is rejected; if each tab has its own, the first of them. In
   * both cases the refresh token is not sent again.
   */
  readonly endWhen?: 'refused' | 'token_expires' | undefined;
  /**
   * Where the access token is kept. With `stored`, the default, storage has it, so that all tabs share one. With `memory`, storage
   * has the session without any access token. Each tab, and each page that is loaded again, gets its own by a refresh, one
   * after the other. Until then `tokens` of its snapshot is `null`, and calls wait.
   *
   * The session must have a refresh token, and the API must accept the earlier access tokens of a session after a refresh.
   */
  readonly accessToken?: 'stored' | 'memory' | undefined;
  /** Further origins that may get the access token, such as `https://files.bonfire.camp`. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Clocks, timers, requests, locks and messages. Default: those of the browser. */
  readonly platform?: Platform | undefined;
}

/** The options of `fetchWith`. */
export interface FetchOptions {
  /**
   * With `optional`, a call is sent without a token if there is none: while no user is signed in, while a refresh fails, and
   * after the session has ended. It then has the anonymous value of the protocol, or no token header. It waits for a refresh
   * in flight, but not for the attempt after a failed one. It rejects if the user changes. Default: `required`.
   */
  readonly session?: 'required' | 'optional' | undefined;
}

/** Keeps the tokens of a session fresh, and offers a `fetch` that uses them. Every member works when it is passed around by itself. */
export interface AuthClient {
  /** Returns the current state of the session. */
  readonly getSnapshot: () => AuthSnapshot;
  /** Calls back after each change of the snapshot. The first call also starts the client. */
  readonly subscribe: (listener: () => void) => Release;
  /**
   * Starts the client and resolves to the snapshot once it is known whether a user is signed in.
   *
   * @throws AuthError `disposed`
   * @example
   * ```ts
   * import type { AuthClient } from 'unexpired/core';
   * const isSignedIn = async (auth: AuthClient) => (await auth.ready()).status === 'signedIn';
   * ```
   */
  readonly ready: () => Promise<AuthSnapshot>;
  /**
   * Starts a session.
   *
   * @param input a token set, a function that gets one, or a grant that yields exactly one, as `defineGrant` and `createBotTokens` make it
   * @returns the tokens. If a server keeps the access token, `accessToken` is `''`, as in the snapshot
   * @throws AuthError `invalid_config`, `session_changed` (the user signed out, or a later sign-in succeeded, meanwhile),
   * and those of `requestTokens`; an error of the function is passed on unchanged
   */
  readonly signIn: (input: SignInInput) => Promise<TokenSet>;
  /**
   * Ends the session in this tab, in storage and in all tabs. It does not wait for the network, except with `viaServer()`: then the server
   * has ended the session, too, or has not answered for 3 s.
   *
   * @throws AuthError `storage_unavailable` if the tokens could not be removed from storage
   */
  readonly signOut: () => Promise<void>;
  /**
   * Resolves to an access token that can be used now. If necessary, it waits for the one refresh.
   *
   * If you send a request yourself and the API rejects the token, `createTokenReplacer` gets the token of the second send.
   *
   * @throws AuthError `signed_out`, `session_ended`, `session_changed`, `refresh_unavailable`, `misconfigured`, `invalid_config`
   */
  readonly getAccessToken: (options?: AccessTokenOptions) => Promise<string>;
  /**
   * Refreshes now, or joins the running refresh. It also tries again if refreshing is blocked. After a transient failure it
   * waits for the next attempt, or rejects.
   *
   * @returns the new tokens, as `signIn` returns them
   * @throws AuthError as `getAccessToken`
   */
  readonly refresh: () => Promise<TokenSet>;
  /**
   * `fetch` with the access token. It refreshes an expired token first. If the API rejects the token, it refreshes and
   * sends the request once more.
   *
   * @throws AuthError if there is no usable session or the address is not allowed; `fetch`'s own errors otherwise
   * @see the Bonfire document, error code 450; RFC 6750 section 3.1
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Creates a `fetch` with options and additional interceptors, which run inside those of the client.
   *
   * @example
   * ```ts
   * import type { AuthClient } from 'unexpired/core';
   * const publicFetch = (auth: AuthClient) => auth.fetchWith([], { session: 'optional' });
   * ```
   */
  readonly fetchWith: (entries: readonly InterceptorEntry[], options?: FetchOptions) => typeof globalThis.fetch;
  /**
   * Adds an interceptor to all calls.
   *
   * @param entry an interceptor, or one with its scope
   * @returns a function that removes it
   */
  readonly intercept: (entry: InterceptorEntry) => Release;
  /** Names the session's record, locks and messages in all tabs. */
  readonly storageKey: string;
  /** Releases every listener, timer and channel. The answer of a refresh in flight is still stored. Later calls reject with `disposed`. */
  readonly dispose: Release;
}
