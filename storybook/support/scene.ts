import { createAuthClient, memory, type AuthClient, type AuthClientConfig } from 'unexpired';
import { bonfire, type BonfireProtocol } from 'unexpired/bonfire';
import { createBonfireApi, type ApiFault, type BonfireApi, type BonfireApiOptions } from 'unexpired/testing';
import { patience } from '../../test/support/pace.ts';
import { registerApi, ROOT } from './api-registry.ts';

const APP_KEY = 'app-key';

/** Long enough for a play function to see what holds until then: 20 s, and more on a slow machine. */
export const PATIENT_S = Math.ceil(patience(20_000) / 1000);

/** What the controls of a story can change while it runs. */
export interface SceneArgs {
  /** How long a new access token lives, s. */
  lifetimeS: number;
  /** How long each answer takes, ms. */
  latencyMs: number;
  /** What goes wrong with each refresh. */
  refreshFault: 'none' | '503' | '429' | 'no connection' | 'no answer';
}

/** An embedded API and a client for it. */
export interface Scene {
  readonly api: BonfireApi;
  readonly auth: AuthClient;
  readonly protocol: BonfireProtocol;
  readonly applyArgs: (args: SceneArgs) => void;
  readonly signIn: (botId?: string) => Promise<void>;
  readonly close: () => void;
}

/** How to set up a scene. */
export interface SceneOptions {
  readonly api?: BonfireApiOptions;
  readonly client?: Partial<AuthClientConfig>;
}

/** The wire profile of a scene's API. */
export function protocolOf(sceneId: string): BonfireProtocol {
  return bonfire({ baseUrl: ROOT + sceneId, appKey: APP_KEY });
}

const FAULTS: Readonly<Record<Exclude<SceneArgs['refreshFault'], 'none'>, ApiFault>> = {
  '503': { kind: 'status', status: 503, endpoint: 'refresh' },
  '429': { kind: 'status', status: 429, retryAfter: PATIENT_S, endpoint: 'refresh' },
  'no connection': { kind: 'dropBefore', endpoint: 'refresh' },
  'no answer': { kind: 'hang', endpoint: 'refresh' },
};

/** Opens a scene; its API answers through MSW. */
export function openScene({ api: apiOptions = {}, client = {} }: SceneOptions, sceneId: string = crypto.randomUUID()): Scene {
  const protocol = protocolOf(sceneId);
  const api = createBonfireApi({ appKey: APP_KEY, basePath: new URL(protocol.baseUrl).pathname, ...apiOptions });
  registerApi(sceneId, api);
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
      await auth.signIn(protocol.createBotTokens([botId]));
    },
    close() {
      auth.dispose();
      api.clearFaults(); // Lets go of what hangs.
    },
  };
}
