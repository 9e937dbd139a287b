import type { AuthClient, AuthClientConfig, FetchOptions } from './auth-client.ts';
import { createTokenEndpoint } from './endpoint/token-endpoint.ts';
import { noObservers } from './events/observers.ts';
import { withInspector } from './inspector.ts';
import { AuthError, invalidSetting, throwIfDisposed } from './model/auth-error.ts';
import { createOrigins } from './model/origins.ts';
import { DEFAULT_LEAD_MS, MAX_DELAY_MS } from './model/refresh-policy.ts';
import { shownTokens } from './model/snapshot.ts';
import { accessGenerationOf } from './model/storage-record.ts';
import type { Instant } from './model/instant.ts';
import { nextRefreshInMs } from './model/token-decision.ts';
import { remainingMs } from './model/token-life.ts';
import { isRenewable } from './model/token-set.ts';
import { browserPlatform } from './platform/browser-platform.ts';
import type { Platform, WakeSignal } from './platform/platform.ts';
import { createRefreshLock } from './refresh/refresh-lock.ts';
import { createRefresher, type Refresh } from './refresh/refresher.ts';
import { createScheduler } from './refresh/scheduler.ts';
import { createTokenSource, type AcquireToken } from './refresh/token-source.ts';
import { createGetAccessToken } from './request/access-token.ts';
import { createAuthedFetch, type FetchWith } from './request/authed-fetch.ts';
import type { InterceptorEntry } from './request/interceptors.ts';
import { createRenewal } from './request/renewal.ts';
import type { ClientContext } from './session/client-context.ts';
import type { HoldJar } from './session/cookie-jar.ts';
import { cookiePartsOf } from './session/cookie-parts.ts';
import type { RemoveCookie } from './session/cookie-removal.ts';
import { createSessionStore, type SessionStore } from './session/session-store.ts';
import { createSignIn } from './session/sign-in.ts';
import { defaultStorage } from './storage/default-storage.ts';
import { openStorage } from './storage/storage.ts';

/**
 * Creates a client. It touches nothing before its first use, so a module may create one on a server.
 *
 * @param config see {@link AuthClientConfig}
 * @throws AuthError `invalid_config` naming the field
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { bonfire, createBotTokens } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol });
 * await auth.signIn(createBotTokens(protocol, ['-OoX6R1ba0eM5kwmB8n']));
 * const posts = await (await auth.fetch('/posts')).json();
 * ```
 */
export function createAuthClient(config: AuthClientConfig): AuthClient {
  const { storage: option, ...settings } = checked(config);
  const disposal = new AbortController();
  const world = config.platform ?? browserPlatform();
  const platform: Platform = Object.create(world); // For `simulate`. A copy by spread would lack members, so no app gets it.
  const context = createContext(settings, platform, disposal.signal);
  const storage = openStorage(option ?? defaultStorage(), world);
  const store = createSessionStore(context, storage);
  settings.protocol.proofs?.follow(context, store);
  const cookie = cookiePartsOf(context.protocol);
  const holdJar: HoldJar = cookie?.createHoldJar(context, store) ?? ((task) => task());
  const lock = createRefreshLock(context, holdJar);
  const refresh = createRefresher(context, store, lock);
  const acquireToken = createTokenSource(context, store, refresh);
  const renew = createRenewal({ store, acquireToken });
  const getAccessToken = createGetAccessToken(context, acquireToken);
  const removeCookie: RemoveCookie = cookie?.createRemoveCookie(context, store, holdJar) ?? (() => Promise.resolve());
  const { start, wake, actTime } = createLifecycle(context, store, refresh, removeCookie);
  const session = createSignIn({ ...context, actTime }, store, holdJar, removeCookie);

  const client: AuthClient = {
    getSnapshot: store.getSnapshot,
    subscribe(listener) {
      if (!disposal.signal.aborted) start();
      return store.subscribe(listener);
    },
    async ready() {
      start();
      const snapshot = await store.whenKnown();
      throwIfDisposed(disposal.signal);
      return snapshot;
    },
    async signIn(input) {
      start(true);
      return session.signIn(input).catch((error: unknown) => {
        void removeCookie();
        throw error;
      });
    },
    async signOut() {
      start();
      return session.signOut();
    },
    async getAccessToken(options) {
      start();
      return getAccessToken(options);
    },
    refresh: createRefreshCall(start, context, store, acquireToken, refresh),
    ...createFetches(start, createAuthedFetch(context, { store, refresh, acquireToken, renew })),
    storageKey: context.key,
    dispose() {
      disposal.abort();
      store.adopt(null); // Settles pending `ready()` calls, also while a session is presumed.
    },
  };

  return withInspector(client, { platform, leadMs: context.leadMs, door: { ...context, start, wake, removeCookie, storage, store, lock, acquireToken, renew, getAccessToken } });
}

/** Creates what all parts of one client share. */
function createContext({ allowedOrigins, ...settings }: Omit<ReturnType<typeof checked>, 'storage'>, platform: Platform, disposed: AbortSignal): ClientContext {
  const { protocol, key } = settings;
  const endpoint = {
    platform,
    protocol,
    origins: createOrigins(protocol, allowedOrigins, platform),
    requestTurn: cookiePartsOf(protocol)?.createRequestTurn(platform, key, disposed),
  };
  return { ...settings, ...endpoint, askTokenEndpoint: createTokenEndpoint(endpoint), observers: noObservers(), disposed };
}

/** Creates the member that refreshes now. */
function createRefreshCall(start: () => void, { platform, accessToken }: ClientContext, store: SessionStore, acquireToken: AcquireToken, refresh: Refresh): AuthClient['refresh'] {
  return async () => {
    start();
    const { session } = (await acquireToken({ minValidityMs: -Infinity, isByApp: true })).record; // Any token will do, because it is about to be refreshed.
    if (!isRenewable(session.tokens)) throw new AuthError('refresh_unavailable', 'This session has no refresh token; sign in again.');
    store.dispatch({ type: 'refreshRequested', at: platform.now() });
    await unblock(store, refresh);
    const { record } = await acquireToken({ sessionId: session.sessionId, rejectedGeneration: accessGenerationOf(session), isByApp: true });
    return shownTokens(record.session.tokens, accessToken === 'server');
  };
}

/** Starts a refresh if it is blocked, because the cause may have been corrected meanwhile. */
async function unblock(store: SessionStore, refresh: Refresh): Promise<void> {
  const begin = () => {
    const state = store.getState();
    return state.status === 'signedIn' && state.refresh.state === 'blocked' ? refresh(state) : null;
  };
  const joined = begin();
  // A refresh that has begun is no longer blocked. Else this one has joined the attempt that has just failed.
  if (joined && store.getSnapshot().refresh.state === 'blocked') await joined.then(() => void begin());
}

/** Creates the members that call the API, with the interceptors of the client. */
function createFetches(start: () => void, send: FetchWith): Pick<AuthClient, 'fetch' | 'fetchWith' | 'intercept'> {
  const entries = new Set<InterceptorEntry>();

  const fetchWith = (own: readonly InterceptorEntry[], { session }: FetchOptions = {}): typeof globalThis.fetch => ({
    fetch(input: RequestInfo | URL, ...[init]: [init?: RequestInit]) {
      try {
        start();
        if (input === undefined) throw new TypeError('1 argument required, but only 0 present.');
        return send(input, init, entries.size === 0 ? own : [...entries, ...own], session === 'optional');
      } catch (error) {
        return Promise.reject(error); // `fetch` never throws. An async function would cost each call three microtasks.
      }
    },
  }).fetch; // A method has the name of `fetch`, even if a bundler shortens names, and is no constructor.

  return {
    fetch: fetchWith([]),
    fetchWith,
    intercept(entry) {
      const added = typeof entry === 'function' ? { interceptor: entry } : { ...entry }; // A copy, so that the same interceptor can be added twice.
      if (typeof added.interceptor !== 'function') throw invalidSetting('interceptor', entry);
      entries.add(added);
      return () => void entries.delete(added);
    },
  };
}

/** Starts a client at its first use, schedules its refreshes, and wakes it. */
function createLifecycle({ platform, leadMs, disposed }: ClientContext, store: SessionStore, refresh: Refresh, removeCookie: RemoveCookie) {
  const spread = platform.random();
  const scheduler = createScheduler(
    platform,
    () => nextRefreshInMs(store.getState(), leadMs, spread, platform.now()),
    () => {
      const state = store.getState();
      if (state.status === 'signedIn') void refresh(state).then(() => disposed.aborted || scheduler.arm());
    },
  );
  let running = false;
  let startedAt: Instant;

  /** A sign-in replaces the cookie. If it is the first use, its cookie may be there already, so none is removed. */
  function start(isSignIn = false): void {
    if (running) return;
    throwIfDisposed(disposed);
    running = true;
    startedAt = platform.now();
    store.open();
    const releases = [store.subscribe(scheduler.arm), platform.onWake(wake), scheduler.disarm];
    disposed.addEventListener('abort', () => {
      running = false;
      for (const release of releases) release();
    });
    void store.sync().then(isSignIn ? null : () => removeCookie());
  }

  async function wake(signal: WakeSignal): Promise<void> {
    await store.sync();
    if (disposed.aborted) return;
    if (signal === 'online') {
      store.dispatch({ type: 'wentOnline' });
      void removeCookie();
    }
    scheduler.arm();
  }

  /** The time by a clock that is never set back, so that the acts in tabs that are open at the same time have an order. */
  function actTime(): number {
    return startedAt.wall - remainingMs({ ...startedAt, leftMs: 0 }, platform.now());
  }

  return { start, wake, actTime };
}

function checked(config: AuthClientConfig) {
  const { protocol, leadMs = DEFAULT_LEAD_MS, storageKey = protocol?.baseUrl || '/', storage, allowedOrigins = [], endWhen = 'refused', accessToken = protocol?.accessToken ?? 'stored' } = config ?? {};
  if (typeof protocol?.mayReject !== 'function') throw invalidSetting('protocol', config);
  if (typeof leadMs !== 'number' || !(leadMs >= 0 && leadMs <= MAX_DELAY_MS)) throw invalidSetting('leadMs', leadMs);
  if (typeof storageKey !== 'string' || storageKey === '') throw invalidSetting('storageKey', storageKey);
  if (!Array.isArray(allowedOrigins)) throw invalidSetting('allowedOrigins', allowedOrigins);
  if (endWhen !== 'refused' && endWhen !== 'token_expires') throw invalidSetting('endWhen', endWhen);
  if (!(protocol.accessToken ? [protocol.accessToken] : ['stored', 'memory']).includes(accessToken)) throw invalidSetting('accessToken', accessToken, 'accessToken of a client');
  return { protocol, leadMs, storage, key: `unexpired:${storageKey}`, allowedOrigins, endWhen, accessToken };
}
