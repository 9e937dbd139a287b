import type { AuthClient, AuthClientConfig } from './auth-client.ts';
import { createAuthedFetch } from './request/authed-fetch.ts';
import { browserPlatform } from './platform/browser-platform.ts';
import { requestTokens } from './endpoint/request-tokens.ts';
import type { InterceptorEntry } from './request/interceptors.ts';
import { AuthError, invalidConfig } from './model/auth-error.ts';
import { DEFAULT_LEAD_MS, MAX_DELAY_MS } from './model/refresh-policy.ts';
import { nextRefreshInMs } from './model/token-verdict.ts';
import { createObservers } from './events/observers.ts';
import { createOrigins } from './model/origins.ts';
import { createOfflineSwitch } from './platform/offline-switch.ts';
import type { WakeSignal } from './platform/platform.ts';
import { createRefresher } from './refresh/refresher.ts';
import { createScheduler } from './refresh/scheduler.ts';
import { createSessionStore } from './session/session-store.ts';
import { createSignIn } from './session/sign-in.ts';
import { createTokenSource, disposedError } from './refresh/token-source.ts';

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
  const { protocol, leadMs: longestLeadMs, storageKey, allowedOrigins } = checked(config);
  const { platform, setOffline } = createOfflineSwitch(config.platform ?? browserPlatform());
  const key = `unexpired:${storageKey}`;
  const origins = createOrigins(protocol.baseUrl, protocol.resourceOrigins, allowedOrigins);
  const observers = createObservers(platform);
  const disposal = new AbortController();
  const life = disposal.signal;
  const store = createSessionStore(platform, config.storage ?? platform.storage, key, observers, life);
  const refresh = createRefresher(platform, protocol, store, key, observers, life);
  const acquireToken = createTokenSource(platform, store, refresh, life);
  const session = createSignIn(platform, protocol, origins, store, observers, life);
  const fetchWith = createAuthedFetch(platform, protocol, store, refresh, acquireToken, origins, observers, longestLeadMs);
  const spread = platform.random();
  const scheduler = createScheduler(
    platform,
    () => nextRefreshInMs(store.getState(), longestLeadMs, spread, platform.now()),
    () => {
      const state = store.getState();
      if (state.status === 'signedIn') void refresh(state).then(() => life.aborted || scheduler.arm());
    },
  );
  const entries = new Set<InterceptorEntry>();
  let running = false;

  /** Every use starts the client; only the first has anything to do. */
  function start(): void {
    if (running) return;
    life.throwIfAborted();
    running = true;
    store.open();
    const releases = [store.subscribe(scheduler.arm), platform.onWake(wake), scheduler.disarm];
    life.addEventListener('abort', () => {
      running = false;
      for (const release of releases) release();
    });
    void store.sync();
  }

  async function wake(signal: WakeSignal): Promise<void> {
    await store.sync();
    if (life.aborted) return;
    if (signal === 'online') store.dispatch({ type: 'wentOnline' });
    scheduler.arm();
  }

  const fetchOf = (own: readonly InterceptorEntry[]): typeof globalThis.fetch => (input, init) => {
    try {
      start();
      return fetchWith(input, init, entries.size === 0 ? own : [...entries, ...own]);
    } catch (error) {
      return Promise.reject(error); // Like `fetch`, which never throws; an async function would cost each call three turns.
    }
  };

  return {
    getSnapshot: store.getSnapshot,
    subscribe(listener) {
      if (!life.aborted) start();
      return store.subscribe(listener);
    },
    async signIn(input) {
      start();
      return session.signIn(input);
    },
    async requestTokens(grant) {
      start();
      return (await requestTokens(platform, origins, store, grant)).tokens;
    },
    async signOut() {
      start();
      return session.signOut();
    },
    async getAccessToken({ minValidityMs = 0, signal } = {}) {
      start();
      if (!(minValidityMs >= 0)) throw invalidConfig('minValidityMs', 'must be a number of milliseconds, 0 or more');
      return (await acquireToken({ minValidityMs, signal: signal ?? null })).record.session.tokens.accessToken;
    },
    async refresh() {
      start();
      const state = await acquireToken({ minValidityMs: -Infinity }); // Whatever token there is: it is to be renewed.
      const { sessionId, generation, tokens: current } = state.record.session;
      if (current.refreshToken === undefined) throw new AuthError('refresh_unavailable', 'This session has no refresh token; sign in again.');
      if (state.refresh.state === 'blocked') void refresh(state); // A person may have mended what was wrong.
      return (await acquireToken({ sessionId, rejectedGeneration: generation })).record.session.tokens;
    },
    fetch: fetchOf([]),
    fetchWith: fetchOf,
    intercept(interceptor, options = {}) {
      if (typeof interceptor !== 'function') throw invalidConfig('interceptor', 'must be a function');
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
      disposal.abort(disposedError());
      store.dispatch({ type: 'recordRead', record: null, at: platform.now() }); // Whoever waits to know who is signed in waits for nobody.
    },
  };
}

function checked(config: AuthClientConfig) {
  const { protocol, leadMs = DEFAULT_LEAD_MS, storageKey = protocol?.baseUrl, storage, allowedOrigins = [] } = config ?? {};
  if (typeof protocol?.mayReject !== 'function') throw invalidConfig('protocol', 'must come from `bonfire`, `oauth2` or `defineProtocol`');
  if (typeof leadMs !== 'number' || !(leadMs >= 0 && leadMs <= MAX_DELAY_MS)) throw invalidConfig('leadMs', `must be a number of milliseconds from 0 to ${MAX_DELAY_MS}`);
  if (typeof storageKey !== 'string' || storageKey === '') throw invalidConfig('storageKey', 'must be a non-empty string');
  if (storage && typeof storage.update !== 'function') throw invalidConfig('storage', 'must be a storage such as `indexedDB()` makes');
  if (!Array.isArray(allowedOrigins)) throw invalidConfig('allowedOrigins', 'must be an array of origins');
  return { protocol, leadMs, storageKey, allowedOrigins };
}
