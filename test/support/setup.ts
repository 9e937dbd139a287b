import { createAuthClient, type AuthClient, type AuthClientConfig } from 'unexpired/core';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { createBonfireApi, type BonfireApi, type BonfireApiOptions } from 'unexpired/testing';
import { createWorld, type NetworkFault, type SimulatedPlatform, type Tab, type TabOptions, type World } from './world.ts';

export const BASE_URL = 'https://api.bonfire.test/v1';
export const LIFETIME_MS = 60_000;

/** What `tab.held()` returns for a tab that holds nothing. */
export const NOTHING_HELD = { timers: 0, channels: 0, wakeListeners: 0, locks: 0 };

/** A tab and the client in it. */
interface Opened {
  readonly tab: Tab;
  readonly auth: AuthClient;
}

/** The embedded API, and a simulated browser that uses it. */
export interface Setup {
  readonly api: BonfireApi;
  readonly world: World;
  readonly protocol: ReturnType<typeof bonfire>;
  /** Opens a tab with a client of its own. */
  readonly open: (config?: Partial<AuthClientConfig> & { readonly platform?: SimulatedPlatform }, options?: TabOptions) => Opened;
  /** Opens a tab and signs its client in as the bot `ember`. */
  readonly openSignedIn: () => Promise<Opened>;
  /** Signs a client in as a bot. */
  readonly signIn: (auth: AuthClient, botId?: string) => Promise<void>;
  /** The status of each answer of the API to calls of an endpoint, such as `[401, 200]`. */
  readonly answers: (endpoint: string) => (number | string)[];
  /** Applies a network fault to refresh requests, and none to other requests. */
  readonly faultRefreshes: (fault: NetworkFault) => void;
  /** Advances time until a refresh request is sent. */
  readonly refreshSent: () => Promise<void>;
  /** Stops the delivery of messages between tabs. */
  readonly loseMessages: () => void;
  /** All values in the simulated storage, as one text. */
  readonly storedText: () => string;
}

/** Whether a request goes to the endpoint for refreshes. */
export const isRefresh = ({ url }: { readonly url: string }): boolean => url.endsWith('/oauth');

export function createSetup(options: Partial<BonfireApiOptions> = {}): Setup {
  let clock = () => 0;
  const api = createBonfireApi({
    accessTokenLifetimeMs: LIFETIME_MS,
    now: () => clock(),
    sleep: () => Promise.resolve(),
    ...options,
  });
  const world = createWorld(api.fetch);
  clock = world.now;
  const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key' });
  const setup: Setup = {
    api,
    world,
    protocol,
    open(config = {}, options = {}) {
      const tab = world.openTab(options);
      const { platform = tab.platform } = config;
      return { tab, auth: createAuthClient({ protocol, storage: platform.storage, ...config, platform }) };
    },
    async openSignedIn() {
      const opened = setup.open();
      await setup.signIn(opened.auth);
      return opened;
    },
    async signIn(auth, botId = 'ember') {
      await world.until(auth.signIn(createBotTokens(protocol, [botId])));
    },
    answers: (endpoint) => api.calls.filter((call) => call.endpoint === endpoint).map((call) => call.status),
    faultRefreshes(fault) {
      world.faultOf = (request) => (isRefresh(request) ? fault : 'none');
    },
    refreshSent: () =>
      world.until(new Promise((resolve) => {
        world.onExchange = (exchange) => void (isRefresh(exchange) && resolve());
      })),
    loseMessages() {
      world.delayOf = (what) => (what === 'message' ? 1e9 : 1);
    },
    storedText: () => JSON.stringify([...world.storage.values.values()]),
  };
  return setup;
}

/** Returns the error that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`The promise resolved to ${JSON.stringify(value)} instead of rejecting.`);
    },
    (error: unknown) => error,
  );
}
