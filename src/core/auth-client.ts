import type { Interceptor, InterceptorEntry, InterceptorOptions } from './request/interceptors.ts';
import type { ClientEvent } from './model/client-event.ts';
import type { Grant, Protocol } from './model/protocol.ts';
import type { AuthSnapshot } from './model/snapshot.ts';
import type { TokenSet } from './model/token-set.ts';
import type { Platform, Release } from './platform/platform.ts';
import type { SignInInput } from './session/sign-in.ts';
import type { AuthStorage } from './storage/storage.ts';

/** How to set up a client. */
export interface AuthClientConfig {
  /** The wire profile of the API, such as `bonfire({ baseUrl, appKey })`. */
  readonly protocol: Protocol;
  /** Where the session is kept; IndexedDB unless said otherwise. */
  readonly storage?: AuthStorage | undefined;
  /** Names the session: clients with the same key share it, over all tabs. Default: the API's base URL; two App Keys at one need keys of their own. */
  readonly storageKey?: string | undefined;
  /** The longest time ahead of expiry that a token is refreshed, ms; default 10 min, and never over a quarter of its life. */
  readonly leadMs?: number | undefined;
  /** Further origins that may get the access token, such as `https://files.bonfire.camp`. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** The door to the world; a browser's unless said otherwise. */
  readonly platform?: Platform | undefined;
}

/** What a caller asks of `getAccessToken`. */
export interface AccessTokenOptions {
  /** How long the token shall be usable at least, ms; at most half its life is ever waited for. */
  readonly minValidityMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A session's tokens, kept fresh, and a `fetch` that uses them. All members can be passed around on their own. */
export interface AuthClient {
  readonly getSnapshot: () => AuthSnapshot;
  /** Calls back after each change of the snapshot; the first call also starts the client. */
  readonly subscribe: (listener: () => void) => Release;
  /**
   * Starts a session: with a token set, a function that gets one, or a grant that yields exactly one.
   *
   * @throws AuthError `invalid_config`, `session_changed` (a sign-out or a later sign-in came between), and what
   * `requestTokens` throws; a function's own error comes through as it is
   */
  readonly signIn: (input: SignInInput) => Promise<TokenSet>;
  /**
   * Asks for tokens without signing in.
   *
   * @returns token sets by subject, such as the bot id
   * @throws AuthError `grant_refused`, `misconfigured`, `invalid_response`, `refresh_unavailable`, `origin_not_allowed`
   */
  readonly requestTokens: (grant: Grant) => Promise<Readonly<Record<string, TokenSet>>>;
  /**
   * Ends the session here, in storage and in all tabs, without waiting for the network.
   *
   * @throws AuthError `storage_unavailable` when the tokens could not be taken out of storage
   */
  readonly signOut: () => Promise<void>;
  /**
   * Resolves to an access token that can be used now, after the one refresh if need be.
   *
   * @throws AuthError `signed_out`, `session_ended`, `session_changed`, `refresh_unavailable`, `misconfigured`
   */
  readonly getAccessToken: (options?: AccessTokenOptions) => Promise<string>;
  /**
   * Refreshes now, or joins the refresh under way; while a failed one waits for its next try, so does this, or it rejects.
   *
   * @throws AuthError as `getAccessToken`
   */
  readonly refresh: () => Promise<TokenSet>;
  /**
   * `fetch` with the access token: refreshes before it is expired, and after a rejection refreshes and sends once more.
   *
   * @throws AuthError when there is no usable session or the address is not allowed; `fetch`'s own errors otherwise
   * @see the Bonfire document, error code 450; RFC 6750 section 3.1
   */
  readonly fetch: typeof globalThis.fetch;
  /** Makes a `fetch` with interceptors of its own, inside those of the client. */
  readonly fetchWith: (entries: readonly InterceptorEntry[]) => typeof globalThis.fetch;
  /** Puts an interceptor around all calls, or around each attempt; call the result to remove it. */
  readonly intercept: (interceptor: Interceptor, options?: InterceptorOptions) => Release;
  /**
   * Calls back with what passes and leaves no mark on the snapshot: calls, replays, refresh requests, writes.
   *
   * @example
   * ```ts
   * import type { AuthClient } from 'unexpired/core';
   * declare const auth: AuthClient;
   * const stop = auth.on((event) => {
   *   if (event.type === 'callSent' && event.attempt === 2) console.info('replayed call', event.call);
   * });
   * ```
   */
  readonly on: (observer: (event: ClientEvent) => void) => Release;
  /**
   * Makes this tab believe something, for devtools and demos: that its access token has expired, or that there is no network.
   *
   * `expired` lasts until the refresh that follows from it, `offline` until `online`.
   */
  readonly pretend: (what: 'expired' | 'offline' | 'online') => void;
  /** What names the session's record, locks and messages in all tabs. */
  readonly storageKey: string;
  /** The configured `leadMs`. */
  readonly leadMs: number;
  /** Its door to the world. */
  readonly platform: Platform;
  /** Releases every listener, timer and channel; a refresh that was sent is still stored. Calls then reject with `disposed`. */
  readonly dispose: Release;
}
