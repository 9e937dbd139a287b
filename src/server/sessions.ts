import { invalidConfig, invalidSetting } from '../core/model/auth-error.ts';
import type { Protocol } from '../core/model/protocol.ts';
import { DEFAULT_LEAD_MS, MAX_DELAY_MS } from '../core/model/refresh-policy.ts';
import { withDeadline } from '../core/platform/deadline.ts';
import type { SignInInput } from '../core/session/sign-in.ts';
import { createEndAll, type EndNames } from './end-all.ts';
import { createHandler, type HandlerOptions } from './handler.ts';
import { memory } from './memory.ts';
import { proxyRoutes, type ProxyOptions } from './proxy-config.ts';
import { createProxy, type SessionsProxy } from './proxy.ts';
import { createSecretRing } from './secrets.ts';
import { serverPlatform, type ServerPlatform } from './server-platform.ts';
import { createEngine, createSessionClient, type Engine, type SessionClient } from './session-client.ts';
import { createClients } from './session-clients.ts';
import { waitUntilOf, type RequestOptions } from './request-options.ts';
import { createSessionCookie, type SessionCookieOptions } from './session-cookie.ts';
import { keyOf } from './session-id.ts';
import { checkedLimits, type SessionLimitOptions } from './session-limit.ts';
import { createSessionStart } from './session-start.ts';
import { createSession, type ServerSession } from './session.ts';
import { createSessionWatches } from './session-watches.ts';
import { createStoreClock } from './store-clock.ts';
import type { SessionEntry, SessionStore } from './store.ts';

/** How long `close` waits, ms. Servers are often killed 30 s after they were asked to end. */
const CLOSE_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;
const STORE_METHODS = ['insert', 'read', 'replace', 'remove', 'extend', 'list', 'close'] as const satisfies readonly (keyof SessionStore)[];

/** The configuration of the sessions of an app. */
export interface SessionsConfig extends HandlerOptions, ProxyOptions, SessionLimitOptions {
  /** The protocol of the API, such as `oauth2({ … })`. Its refresh token is in the tokens, not in a cookie. */
  readonly protocol: Protocol;
  /**
   * The random texts of at least 32 characters that encrypt the tokens in the store. The first one encrypts; the others are former ones, which still decrypt.
   * To replace a secret, deploy the new one as the second first, then swap them, and remove the former one after `absoluteMs`.
   */
  readonly secrets: readonly string[];
  /** Where the sessions are, for all instances. Default: `memory()`, for one process. */
  readonly store?: SessionStore | undefined;
  readonly cookie?: SessionCookieOptions | undefined;
  /** How long a session lives without a request, ms. Default: 7 days. */
  readonly idleMs?: number | undefined;
  /** How long a session lives at most, ms. Default: 30 days. */
  readonly absoluteMs?: number | undefined;
  /** The longest time before expiry at which a request starts a refresh, ms. Default: 10 min, and never more than a quarter of the token's life. */
  readonly leadMs?: number | undefined;
  /** Further origins that may get the access token. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * How long an instance may use a session that it has read before while the store cannot be read, ms. Default: 0, so such a
   * request fails with `storage_unavailable`. A sign-out by another instance is not seen in that time. No instance refreshes without the store.
   */
  readonly staleMs?: number | undefined;
  /** Clocks, timers, randomness and requests. Default: those of the server. */
  readonly platform?: ServerPlatform | undefined;
}

/** The sessions of an app. Every member works when it is passed around by itself. */
export interface Sessions extends SessionsProxy {
  /**
   * Reads the session of a request, in one round trip to the store. If its token expires soon, it starts a refresh and does not wait for it.
   *
   * @throws AuthError `storage_unavailable` (answer 503), if the store cannot be read; `invalid_config`, if the request is not a web-standard one
   */
  readonly of: (request: Pick<Request, 'headers'>, options?: RequestOptions) => Promise<ServerSession>;
  /**
   * Starts a session with a new id.
   *
   * @param input a token set, a function that gets one, or a grant that yields exactly one
   * @param request the request of the sign-in, if there is one; the session that it carries ends
   * @throws AuthError `storage_unavailable` if the store could not keep the session; those of `signIn` of a client otherwise
   */
  readonly signIn: (input: SignInInput, request?: Pick<Request, 'headers'>, options?: RequestOptions) => Promise<{ readonly session: ServerSession; readonly setCookie: string }>;
  /**
   * Ends all sessions of a user on all devices, or all that belong to one session of the OpenID provider, and revokes their tokens if the
   * protocol can.
   *
   * @param names the user, as `subjectOf` of the protocol names them, or `{ sid }`, `{ sid, subject }`; see {@link EndNames}
   * @returns how many sessions were ended
   * @throws AuthError `storage_unavailable` if one of them could not be ended; the others have ended. Repeat it then. `invalid_config`
   * with the field `subject` or `sid`
   */
  readonly endAll: (names: string | EndNames, options?: RequestOptions) => Promise<number>;
  /** Lists the sessions of a user that are not over. */
  readonly list: (subject: string) => Promise<readonly SessionEntry[]>;
  /**
   * Answers `GET …/session`, `GET …/events` (Server-Sent Events), and the requests of a page: `POST …/session`, `…/activity`, `…/token`, `…/sign-in` and `…/sign-out`. A `POST` that is not of a
   * page of this origin, or has neither `x-session` nor `x-csrf: 1`, gets 403. Any other request gets 404 or 405.
   */
  readonly handler: (request: Request, options?: object & RequestOptions) => Promise<Response>;
  /** Ends the connections of `…/events`, waits for the requests and refreshes in flight, for 10 s at most, and releases what the store has opened. Call it before the process ends. */
  readonly close: () => Promise<void>;
}

/**
 * Creates the sessions of an app on a server. All instances that share the store share each session and its one refresh.
 *
 * @throws AuthError `invalid_config` naming the field
 * @example
 * ```ts
 * import { createSessions, errorResponse } from 'unexpired/server';
 * import { oauth2 } from 'unexpired/oauth2';
 * const protocol = oauth2({ resourceOrigins: ['https://api.example.com'], tokenEndpoint: 'https://auth.example.com/token', clientId: 'web' });
 * const sessions = createSessions({ protocol, secrets: ['a-secret-of-at-least-32-characters-1'] });
 * async function posts(request: Request): Promise<Response> {
 *   const session = await sessions.of(request);
 *   return session.fetch('/posts').catch(errorResponse);
 * }
 * ```
 * @see RFC 10017 sections 6.1 and 6.2
 */
export function createSessions(config: SessionsConfig): Sessions {
  const { protocol, store, platform, secrets, idleMs, absoluteMs, staleMs, leadMs, allowedOrigins, limits } = checked(config);
  const clock = createStoreClock(platform);
  const cookie = createSessionCookie(config.cookie ?? {}, absoluteMs);
  const ring = createSecretRing(platform.crypto, secrets, [cookie.name, protocol.baseUrl, protocol.name]);
  const engine = createEngine({ store, ring, clock, idleMs, absoluteMs, lastFailure: { at: -Infinity } }, protocol, { leadMs, allowedOrigins, limits });
  const clients = createClients(engine, staleMs);
  const visitor = createVisitor(engine);
  const start = createSessionStart(engine, platform, clients, cookie);
  const open = async (request: Pick<Request, 'headers'>, options: RequestOptions | undefined, isActivity: boolean) => {
    const id = cookie.read(request);
    return id === null ? visitor : clock.onDevice(clients.load(await keyOf(platform.crypto, id), waitUntilOf(options), isActivity));
  };
  const look = async (request: Pick<Request, 'headers'>) => {
    const id = cookie.read(request);
    return id === null ? visitor : clock.onDevice(clients.look(await keyOf(platform.crypto, id)));
  };
  const watches = createSessionWatches(platform, store.watch !== undefined);
  const { list, endAll } = createEndAll(engine, clients);

  const sessions = {
    async of(request, options) {
      const client = await open(request, options, true);
      return createSession(client, cookie, client === visitor && cookie.mayBeKeptBack(request));
    },
    async signIn(input, request, options) {
      const { client, setCookie } = await start(input, request, options);
      return { session: createSession(client, cookie), setCookie };
    },
    endAll,
    list,
    async close() {
      watches.close();
      await withDeadline(platform, CLOSE_MS, clients.whenQuiet).catch(() => undefined);
      clients.dispose();
      visitor.dispose();
      await store.close();
    },
  } satisfies Omit<Sessions, 'handler' | 'proxy'> as Omit<Sessions, 'handler' | 'proxy'>;
  const handler = createHandler({ open, look, watches, start, endAll, warn: platform.warn, removal: cookie.removal, now: () => clock.platform.now().wall, deviceNow: () => platform.now().wall }, config);
  const routes = proxyRoutes(config, engine.shared.origins);
  return { ...sessions, handler, proxy: createProxy({ routes, basePath: config.basePath, cookie, open, watches, platform, protocol }) };
}

/** Creates the session of all requests that carry no session id. */
function createVisitor(engine: Engine): SessionClient {
  const visitor = createSessionClient(engine, '', true);
  visitor.store.adopt(null);
  return visitor;
}

function checked(config: SessionsConfig) {
  const { protocol, secrets, tokens, platform = serverPlatform(), idleMs = 7 * DAY_MS, absoluteMs = 30 * DAY_MS, staleMs = 0, leadMs = DEFAULT_LEAD_MS, allowedOrigins = [] } = config ?? {};
  if (typeof protocol?.mayReject !== 'function') throw invalidSetting('protocol', config);
  if (protocol.refreshCookie) throw invalidConfig('protocol', 'must not have `refreshToken: inCookie()`, because a server keeps the refresh token itself');
  if (!/^https?:/.test(protocol.baseUrl)) throw invalidConfig('protocol', 'needs an absolute `baseUrl`, because a server has no page that it could be relative to');
  if (typeof platform?.crypto?.subtle !== 'object' || typeof platform.now !== 'function') throw invalidConfig('platform', 'must be a platform such as `serverPlatform()` creates; it needs WebCrypto as `crypto`');
  const { store = memoryOf(platform) } = config;
  if (STORE_METHODS.some((method) => typeof Object(store)[method] !== 'function')) throw invalidConfig('store', 'must be a store, such as `memory()`, or `redis(client)` of unexpired/server/redis');
  for (const [field, value] of Object.entries({ idleMs, absoluteMs })) if (!(Number.isFinite(value) && value >= 1000)) throw invalidConfig(field, 'must be a number, a duration of at least 1,000 ms');
  if (absoluteMs < idleMs) throw invalidConfig('idleMs', 'must not be longer than `absoluteMs`');
  if (!(Number.isFinite(staleMs) && staleMs >= 0 && staleMs <= MAX_DELAY_MS)) throw invalidConfig('staleMs', 'must be a number of milliseconds, 0 or more');
  if (typeof leadMs !== 'number' || !(leadMs >= 0 && leadMs <= MAX_DELAY_MS)) throw invalidSetting('leadMs', leadMs);
  if (!Array.isArray(allowedOrigins)) throw invalidSetting('allowedOrigins', allowedOrigins);
  if (protocol.proofs && tokens !== undefined) throw invalidConfig('tokens', 'must be left out with `dpop`, because pages do not have the key of the session');
  return { protocol: { ...protocol, proofs: protocol.proofs?.onServer }, secrets, platform, store, idleMs, absoluteMs, staleMs, leadMs, allowedOrigins, limits: checkedLimits(config, idleMs, absoluteMs) };
}

/** Creates the default store. In production, it says once that it is for one process. */
function memoryOf(platform: ServerPlatform): SessionStore {
  const { process } = globalThis as { readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> } };
  if (process?.env?.['NODE_ENV'] === 'production') {
    platform.warn('unexpired: sessions are kept in the memory of this process, so a restart signs all users out, and other instances see none. Set `store`, or pass `memory()` if that is intended.');
  }
  return memory(platform);
}
