import { createTokenEndpoint } from '../core/endpoint/token-endpoint.ts';
import { noObservers } from '../core/events/observers.ts';
import { createOrigins } from '../core/model/origins.ts';
import type { Protocol } from '../core/model/protocol.ts';
import { LATEST_SPREAD } from '../core/model/refresh-policy.ts';
import { signOutChange } from '../core/model/record-change.ts';
import { nextRefreshInMs } from '../core/model/token-decision.ts';
import { runOwnCode } from '../core/platform/own-code.ts';
import type { Platform } from '../core/platform/platform.ts';
import { createRefresher, type Refresh } from '../core/refresh/refresher.ts';
import { createScheduler } from '../core/refresh/scheduler.ts';
import { createTokenSource, type AcquireToken } from '../core/refresh/token-source.ts';
import { createGetAccessToken, type GetAccessToken } from '../core/request/access-token.ts';
import { createAuthedFetch } from '../core/request/authed-fetch.ts';
import { createRenewal } from '../core/request/renewal.ts';
import type { ClientContext } from '../core/session/client-context.ts';
import { createSessionStore, type SessionStore } from '../core/session/session-store.ts';
import { createSignIn, type SignIn } from '../core/session/sign-in.ts';
import { createLeaseLock } from './lease-lock.ts';
import { createSessionLimit, type SessionLimit, type SessionLimits } from './session-limit.ts';
import { createRowStorage, type RowContext, type RowStorage } from './row-storage.ts';

/** The parts that the sessions of one `createSessions` share. */
export interface Engine {
  readonly rows: RowContext;
  /** The sessions with a refresh or request in flight, or with tokens that the store does not have yet. Nothing else holds them. */
  readonly busy: Set<SessionClient>;
  /** What the contexts of all sessions share. Each session adds its key and its end. */
  readonly shared: Omit<ClientContext, 'key' | 'disposed'>;
  readonly limits: SessionLimits;
}

/** Everything that an instance does with one session: the engine of a tab, whose storage is the session's row. */
export interface SessionClient {
  readonly key: string;
  readonly store: SessionStore;
  readonly row: RowStorage;
  readonly limits: SessionLimits;
  readonly limit: SessionLimit;
  readonly fetch: typeof globalThis.fetch;
  readonly getAccessToken: GetAccessToken;
  readonly acquireToken: AcquireToken;
  readonly signIn: SignIn['signIn'];
  readonly signOut: SignIn['signOut'];
  /** Ends the session without revoking its tokens. */
  readonly remove: () => Promise<void>;
  /**
   * Reads the row, ends the session if its time is over, and starts a refresh if one is due. Nothing waits for that while the access token
   * can be used.
   */
  readonly load: (isActivity: boolean) => Promise<void>;
  /** Reads the row, and neither lets the session live longer nor refreshes it. */
  readonly look: () => Promise<void>;
  /** Gives every refresh and request to a function that lets it finish, such as `waitUntil` of a worker. */
  readonly keepAlive: (waitUntil: WaitUntil) => void;
  /** Resolves when the refreshes and requests that have begun are over. */
  readonly whenQuiet: () => Promise<unknown>;
  /** Ends everything that waits. */
  readonly dispose: () => void;
}

/** Lets a task finish after the answer was sent. Runtimes of workers call it `waitUntil`. */
export type WaitUntil = (task: Promise<unknown>) => void;

/** Creates the parts that all sessions share. */
export function createEngine(rows: RowContext, protocol: Protocol, settings: { readonly allowedOrigins: readonly string[]; readonly leadMs: number; readonly limits: SessionLimits }): Engine {
  const { platform } = rows.clock;
  const origins = createOrigins(protocol, settings.allowedOrigins, platform);
  const askTokenEndpoint = createTokenEndpoint({ platform, origins, protocol });
  return { rows, limits: settings.limits, busy: new Set(), shared: { platform, protocol, origins, askTokenEndpoint, observers: noObservers(), accessToken: 'stored', leadMs: settings.leadMs, endWhen: 'refused' } };
}

/**
 * Creates the client of one session. `isNew` is true for a sign-in. It has no timer and holds nothing while no request uses it.
 * Its signal is its own, because a signal that all sessions share would hold them by its listeners.
 */
export function createSessionClient({ rows, busy, shared, limits }: Engine, key: string, isNew: boolean): SessionClient {
  const { leadMs } = shared;
  const disposal = new AbortController();
  const disposed = disposal.signal;
  const running = new Set<Promise<unknown>>();
  let waitUntil: WaitUntil = () => undefined;

  /** A runtime that ends tasks with their request must let this one finish, such as a refresh or a revocation. */
  function lasting<T>(task: Promise<T>): Promise<T> {
    const end = () => void (running.delete(over) && running.size === 0 && busy.delete(client));
    const over: Promise<void> = task.then(end, end);
    running.add(over);
    busy.add(client);
    waitUntil(over);
    return task;
  }

  /** Tokens that the store did not take are in memory only, so the client must not be forgotten before the store has them. */
  function untilStored<T>(task: Promise<T>): Promise<T> {
    void lasting(task.then(() => store.whenStored(), () => store.whenStored()));
    return task;
  }

  const platform: Platform = { ...shared.platform, fetch: (input, init) => lasting(shared.platform.fetch(input, init)) };
  const context: ClientContext = { ...shared, platform, key, disposed };
  const row = createRowStorage(rows, key, isNew);
  const store = createSessionStore(context, row);
  const refreshInTurn = createRefresher(context, store, createLeaseLock(platform, disposed, row, rows.store.watch !== undefined, store.sync));

  const refresh: Refresh = (stale) => untilStored(refreshInTurn(stale));

  const acquireToken = withRetries(context, store, refresh, createTokenSource(context, store, refresh));
  const renew = createRenewal({ store, acquireToken });
  const runAtOnce = <T>(task: () => Promise<T>) => task();
  const { signIn, signOut } = createSignIn({ ...context, actTime: () => platform.now().wall }, store, runAtOnce, async () => undefined);
  const send = createAuthedFetch(context, { store, refresh, acquireToken, renew });

  const limit = createSessionLimit({ context, store, row, limits, lasting });
  const { onDevice } = rows.clock;
  const getAccessToken = createGetAccessToken(context, acquireToken);

  const client: SessionClient = {
    key,
    store,
    row,
    limits,
    limit,
    fetch: async (input, init) => onDevice(send(input as RequestInfo, init, [], false)),
    getAccessToken: async (options) => onDevice(getAccessToken(options)),
    acquireToken: (request) => onDevice(acquireToken(request)),
    signIn,
    signOut: () => untilStored(signOut()),
    async remove() {
      await store.write(signOutChange(store.getSessionId(), platform.now().wall), true);
    },
    async load(isActivity) {
      await row.load();
      await store.sync();
      await limit.check(isActivity);
      const state = store.getState();
      if (state.status === 'signedIn' && nextRefreshInMs(state, leadMs, LATEST_SPREAD, platform.now()) === 0) void refresh(state);
    },
    async look() {
      await row.look();
      await store.sync();
      await limit.check(false);
    },
    keepAlive(next) {
      // The request that passed it may be over. That must not fail a call of another request.
      waitUntil = (task) => runOwnCode(platform, () => next(task), () => undefined);
      for (const task of running) waitUntil(task);
    },
    whenQuiet: () => Promise.all(running),
    dispose: () => disposal.abort(),
  };
  return client;
}

/** While a request waits for the attempt after a failed one, a timer starts that attempt. Otherwise there is none. */
function withRetries({ platform, leadMs }: ClientContext, store: SessionStore, refresh: Refresh, acquire: AcquireToken): AcquireToken {
  let waiting = 0;
  const isRetrying = () => {
    const state = store.getState();
    return waiting > 0 && state.status === 'signedIn' && state.refresh.state === 'waiting' ? state : null;
  };
  const scheduler = createScheduler(
    platform,
    () => {
      const state = isRetrying();
      return state && nextRefreshInMs(state, leadMs, LATEST_SPREAD, platform.now());
    },
    () => {
      const state = isRetrying();
      if (state) void refresh(state).then(scheduler.arm);
    },
  );
  store.subscribe(scheduler.arm);
  return async (request) => {
    waiting++;
    scheduler.arm();
    try {
      return await acquire(request);
    } finally {
      waiting--;
      scheduler.arm();
    }
  };
}
