import { createAuthedFetch } from './authed-fetch.ts';
import { browserPlatform } from './browser-platform.ts';
import { requestTokens } from './grant-request.ts';
import type { Interceptor, InterceptorEntry, InterceptorOptions } from './interceptors.ts';
import { AuthError, invalidConfig } from './model/auth-error.ts';
import type { ClientEvent } from './model/client-event.ts';
import type { Grant, Protocol } from './model/protocol.ts';
import { DEFAULT_LEAD_MS, MAX_DELAY_MS } from './model/refresh-policy.ts';
import type { AuthSnapshot } from './model/snapshot.ts';
import type { TokenSet } from './model/token-set.ts';
import { nextRefreshInMs } from './model/token-verdict.ts';
import { createObservers } from './observers.ts';
import { createOrigins } from './origins.ts';
import type { Platform, Release, WakeSignal } from './platform.ts';
import { createOfflineSwitch } from './offline-switch.ts';
import { createRefresher } from './refresher.ts';
import { createScheduler } from './scheduler.ts';
import { createSessionStore } from './session-store.ts';
import { createSignIn, type SignInInput } from './sign-in.ts';
import type { AuthStorage } from './storage/storage.ts';
import { createTokenSource, disposedError } from './token-source.ts';

/** How to set up a client. */
export interface AuthClientConfig {
  /** The wire profile of the API, such as `bonfire({ baseUrl, appKey })`. */
  readonly protocol: Protocol;
  /** Where the session is kept; IndexedDB unless said otherwise. */
  readonly storage?: AuthStorage;
  /** Names the session: clients with the same key share it, over all tabs. Default: the API's base URL. */
  readonly storageKey?: string;
  /** The longest time ahead of expiry that a token is refreshed, ms; default 2 min, and never over a quarter of its life. */
  readonly leadMs?: number;
  /** Further origins that may get the access token, such as `https://files.bonfire.camp`. */
  readonly allowedOrigins?: readonly string[];
  /** The door to the world; a browser's unless said otherwise. */
  readonly platform?: Platform;
}

/** What a caller asks of `getAccessToken`. */
export interface AccessTokenOptions {
  /** How long the token shall be usable at least, ms; at most half its life is ever waited for. */
  readonly minValidityMs?: number;
  readonly signal?: AbortSignal;
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

/**
 * Creates a client; nothing is touched before its first use, so a module may create one on a server.
 *
 * @param config see {@link AuthClientConfig}
 * @throws AuthError `invalid_config` naming the field
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol });
 * await auth.signIn(protocol.createBotTokens(['-OoX6R1ba0eM5kwmB8n']));
 * const posts = await (await auth.fetch('/posts')).json();
 * ```
 */
export function createAuthClient(config: AuthClientConfig): AuthClient {
  const { protocol, platform: world = browserPlatform(), leadMs: longestLeadMs = DEFAULT_LEAD_MS } = checked(config);
  const { platform, setOffline } = createOfflineSwitch(world);
  const key = `unexpired:${config.storageKey ?? protocol.baseUrl}`;
  const origins = createOrigins(protocol.baseUrl, protocol.resourceOrigins, config.allowedOrigins ?? []);
  const observers = createObservers(platform);
  const store = createSessionStore(platform, config.storage ?? platform.storage, key, observers);
  const refresher = createRefresher(platform, protocol, store, key, observers);
  const tokens = createTokenSource(platform, store, refresher);
  const session = createSignIn(platform, protocol, origins, store, observers);
  const fetchWith = createAuthedFetch({ platform, protocol, store, refresher, tokens, origins, observers, longestLeadMs });
  const spread = platform.random();
  const scheduler = createScheduler(
    platform,
    () => nextRefreshInMs(store.getState(), longestLeadMs, spread, platform.now()),
    () => {
      const state = store.getState();
      if (state.status === 'signedIn') void refresher.refresh(state).then(() => disposed || scheduler.arm());
    },
  );
  const entries = new Set<InterceptorEntry>();
  let releases: Release[] | null = null;
  let disposed = false;

  /** Every use starts the client; only the first has anything to do. */
  function start(): void {
    if (disposed) throw disposedError();
    if (releases) return;
    store.open();
    releases = [store.subscribe(scheduler.arm), platform.onWake(wake), scheduler.disarm, store.close, session.dispose, refresher.dispose, tokens.dispose];
    void store.sync();
  }

  async function wake(signal: WakeSignal): Promise<void> {
    await store.sync();
    if (disposed) return;
    const state = store.getState();
    const waits = state.status === 'signedIn' && state.refresh.state === 'waiting' && !state.refresh.failure.mustWait;
    if (signal === 'online' && waits) store.dispatch({ type: 'waitEnded' });
    scheduler.arm();
  }

  const fetchOf = (own: readonly InterceptorEntry[]): typeof globalThis.fetch => async (input, init) => {
    start();
    return fetchWith(input, init, entries.size === 0 ? own : [...entries, ...own]);
  };

  return {
    getSnapshot: store.getSnapshot,
    subscribe(listener) {
      if (!disposed) start();
      return store.subscribe(listener);
    },
    async signIn(input) {
      start();
      return session.signIn(input);
    },
    async requestTokens(grant) {
      start();
      return (await requestTokens(platform, origins, grant, store.getSnapshot().clockOffset)).tokens;
    },
    async signOut() {
      start();
      return session.signOut();
    },
    async getAccessToken({ minValidityMs = 0, signal } = {}) {
      start();
      if (!(minValidityMs >= 0)) throw invalidConfig('minValidityMs', 'must be a number of milliseconds, 0 or more');
      return (await tokens.acquire({ minValidityMs, signal: signal ?? null })).record.session.tokens.accessToken;
    },
    async refresh() {
      start();
      const state = await tokens.acquire({ minValidityMs: -Infinity }); // Whatever token there is: it is to be renewed.
      const { sessionId, generation, tokens: current } = state.record.session;
      if (current.refreshToken === undefined) throw new AuthError('refresh_unavailable', 'This session has no refresh token; sign in again when its access token is rejected.');
      if (state.refresh.state === 'blocked') void refresher.refresh(state); // A person may have mended what was wrong.
      return (await tokens.acquire({ sessionId, rejectedGeneration: generation })).record.session.tokens;
    },
    fetch: fetchOf([]),
    fetchWith: fetchOf,
    intercept(interceptor, options = {}) {
      const entry = { ...options, interceptor };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    on: observers.on,
    pretend(what) {
      start();
      if (what === 'expired') return store.dispatch({ type: 'lifeEnded' });
      setOffline(what === 'offline');
      if (what === 'online') void wake(what);
    },
    storageKey: key,
    leadMs: longestLeadMs,
    platform,
    dispose() {
      disposed = true;
      for (const release of releases ?? []) release();
      releases = [];
    },
  };
}

function checked(config: AuthClientConfig): AuthClientConfig {
  const { protocol, leadMs, storageKey } = config;
  if (typeof protocol?.refreshRequest !== 'function') throw invalidConfig('protocol', 'must be a wire profile, such as `bonfire({ baseUrl, appKey })`');
  if (leadMs !== undefined && !(typeof leadMs === 'number' && leadMs >= 0 && leadMs <= MAX_DELAY_MS)) throw invalidConfig('leadMs', `must be a number of milliseconds from 0 to ${MAX_DELAY_MS}`);
  if (storageKey !== undefined && (typeof storageKey !== 'string' || storageKey === '')) throw invalidConfig('storageKey', 'must be a non-empty string, or left out');
  return config;
}
