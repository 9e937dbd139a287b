import { createAuthClient, memory, type AuthClient, type AuthClientConfig } from 'unexpired';
import { bonfire, createBotTokens, type BonfireProtocol } from 'unexpired/bonfire';
import { createBonfireApi, type ApiFault, type BonfireApi, type BonfireApiOptions } from 'unexpired/testing';
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
  readonly applyArgs: (args: SetupArgs) => void;
  readonly signIn: (botId?: string) => Promise<void>;
  readonly close: () => void;
}

/** Options of the API and the client of a setup. */
export interface SetupOptions {
  readonly api?: BonfireApiOptions;
  readonly client?: Partial<AuthClientConfig>;
}

/** Returns the protocol for a setup's API. */
export function protocolOf(setupId: string): BonfireProtocol {
  return bonfire({ baseUrl: ROOT + setupId, appKey: APP_KEY });
}

const FAULTS: Readonly<Record<Exclude<SetupArgs['refreshFault'], 'none'>, ApiFault>> = {
  '503': { kind: 'status', status: 503, endpoint: 'refresh' },
  '429': { kind: 'status', status: 429, retryAfter: LONG_LIFETIME_S, endpoint: 'refresh' },
  'no connection': { kind: 'dropBefore', endpoint: 'refresh' },
  'no answer': { kind: 'hang', endpoint: 'refresh' },
};

/** Creates a setup. Its API answers through MSW. */
export function createSetup({ api: apiOptions = {}, client = {} }: SetupOptions, setupId: string = crypto.randomUUID()): Setup {
  const protocol = protocolOf(setupId);
  const api = createBonfireApi({ appKey: APP_KEY, basePath: new URL(protocol.baseUrl).pathname, ...apiOptions });
  registerApi(setupId, api);
  const auth = createAuthClient({ protocol, storage: memory(), ...client });
  let removeFault = () => {};
  return {
    api,
    auth,
    protocol,
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
