import { browserPlatform, createAuthClient, inCookie, memory, type AuthClient, type AuthClientConfig } from 'unexpired';
import { bonfire, createBotTokens, type BonfireProtocol } from 'unexpired/bonfire';
import { createBonfireApi, createCookieJar, createTestClock, type ApiFault, type BonfireApi, type BonfireApiOptions, type CookieJar, type TestClock } from 'unexpired/testing';
import { patience } from '../../test/support/pace.ts';
import { registerApi, ROOT } from './api-registry.ts';

const APP_KEY = 'app-key';

/** Long enough for a play function: 20 s, and more on a slow machine. */
export const LONG_LIFETIME_S = Math.ceil(patience(20_000) / 1000);

/** The controls of a story. They can change while it runs. */
export interface SetupArgs {
  /** The lifetime of new access tokens, s. */
  lifetimeS: number;
  /** The API's latency, ms. */
  latencyMs: number;
  /** The fault of each refresh. */
  refreshFault: 'none' | '503' | '429' | 'no connection' | 'no answer';
}

/** An embedded API and a client for it. */
export interface Setup {
  readonly api: BonfireApi;
  readonly auth: AuthClient;
  readonly protocol: BonfireProtocol;
  /** The cookies of the story, if its API keeps the refresh token in one. */
  readonly jar: CookieJar | null;
  /** The clock of the API and the client, if the story has one. */
  readonly clock: TestClock | null;
  readonly applyArgs: (args: SetupArgs) => void;
  readonly signIn: (botId?: string) => Promise<void>;
  readonly close: () => void;
}

/** Options of the API and the client of a setup. */
export interface SetupOptions {
  readonly api?: BonfireApiOptions;
  readonly client?: Partial<AuthClientConfig>;
  /** Whether the story has a clock that can be set forward. */
  readonly hasClock?: boolean;
}

/** Returns the protocol for a setup's API. */
export function protocolOf(setupId: string, isInCookie = false): BonfireProtocol {
  return bonfire({ baseUrl: ROOT + setupId, appKey: APP_KEY, ...(isInCookie && { refreshToken: inCookie(), signOutPath: '/sign-out' }) });
}

const FAULTS: Readonly<Record<Exclude<SetupArgs['refreshFault'], 'none'>, ApiFault>> = {
  '503': { kind: 'status', status: 503, endpoint: 'refresh' },
  '429': { kind: 'status', status: 429, retryAfter: LONG_LIFETIME_S, endpoint: 'refresh' },
  'no connection': { kind: 'dropBefore', endpoint: 'refresh' },
  'no answer': { kind: 'hang', endpoint: 'refresh' },
};

/** Creates a setup. Its API answers through MSW, or through a cookie jar, because a service worker can set no cookies. */
export function createSetup({ api: apiOptions = {}, client = {}, hasClock = false }: SetupOptions, setupId: string = crypto.randomUUID()): Setup {
  const isInCookie = apiOptions.refreshToken === 'cookie';
  const protocol = protocolOf(setupId, isInCookie);
  const clock = hasClock ? createTestClock(Date.now()) : null;
  const api = createBonfireApi({ appKey: APP_KEY, basePath: new URL(protocol.baseUrl).pathname, ...(clock && { now: clock.now }), ...apiOptions });
  registerApi(setupId, api);
  const jar = isInCookie ? createCookieJar(api.fetch) : null;
  const inJar = jar && { platform: { ...browserPlatform(), fetch: jar.fetch, readCookie: jar.readCookie } };
  const auth = createAuthClient({ protocol, storage: memory(), ...inJar, ...(clock && { platform: clock.platform(api.fetch) }), ...client });
  let removeFault = () => {};
  return {
    api,
    auth,
    protocol,
    jar,
    clock,
    applyArgs({ lifetimeS, latencyMs, refreshFault }) {
      api.configure({ accessTokenLifetimeMs: lifetimeS * 1000, latencyMs });
      removeFault();
      removeFault = refreshFault === 'none' ? () => {} : api.addFault(FAULTS[refreshFault]);
    },
    async signIn(botId = 'ember') {
      await auth.signIn(createBotTokens(protocol, [botId]));
    },
    close() {
      auth.dispose();
      api.clearFaults(); // Releases hanging requests.
    },
  };
}
