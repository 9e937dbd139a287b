import { createAuthClient, type AuthClient, type AuthClientConfig } from 'unexpired/core';
import { bonfire } from 'unexpired/bonfire';
import { createBonfireApi, type BonfireApi, type BonfireApiOptions } from 'unexpired/testing';
import { createWorld, type Tab, type TabOptions, type World } from './world.ts';

export const BASE_URL = 'https://api.bonfire.test/v1';
export const LIFETIME_MS = 60_000;

/** An embedded API and a simulated browser in front of it. */
export interface Scene {
  readonly api: BonfireApi;
  readonly world: World;
  readonly protocol: ReturnType<typeof bonfire>;
  /** Opens a tab with a client of its own. */
  readonly open: (config?: Partial<AuthClientConfig>, options?: TabOptions) => { readonly tab: Tab; readonly auth: AuthClient };
  /** Signs a client in as a bot. */
  readonly signIn: (auth: AuthClient, botId?: string) => Promise<void>;
  /** The API's answers to calls of an endpoint, such as `[401, 200]`. */
  readonly answers: (endpoint: string) => (number | string)[];
}

export function createScene(options: Partial<BonfireApiOptions> = {}): Scene {
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
  return {
    api,
    world,
    protocol,
    open(config = {}, options = {}) {
      const tab = world.openTab(options);
      return { tab, auth: createAuthClient({ protocol, platform: tab.platform, ...config }) };
    },
    async signIn(auth, botId = 'ember') {
      await world.until(auth.signIn(protocol.createBotTokens([botId])));
    },
    answers: (endpoint) => api.calls.filter((call) => call.endpoint === endpoint).map((call) => call.status),
  };
}

/** The error a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved to ${JSON.stringify(value)} instead of rejecting`);
    },
    (error: unknown) => error,
  );
}
