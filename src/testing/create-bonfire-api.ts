import { AccessTokens } from './access-tokens.ts';
import type { Backend } from './backend.ts';
import type { ApiCounts, BonfireApi } from './bonfire-api.ts';
import { fixtureOf, type BonfireApiOptions } from './bonfire-options.ts';
import { DEFAULT_SETTINGS, mergeSettings, type BonfireSettings } from './bonfire-settings.ts';
import { botsOf } from './bot.ts';
import { CallLog } from './call-log.ts';
import { FaultQueue } from './fault-queue.ts';
import { checkObject, checkOneOf } from './option-check.ts';
import { PostBoard } from './post-board.ts';
import { createRouter } from './router.ts';
import { SessionRegistry } from './session-registry.ts';
import { summaryOf } from './session.ts';
import { TokenIssuer } from './token-issuer.ts';
import { createTransport } from './transport.ts';

/**
 * Creates a Bonfire API that answers requests without a network, for tests, demos and stories.
 *
 * It signs its tokens with WebCrypto, which browsers offer only on `https:` and `localhost`.
 *
 * @param options the App Key, the bots, the clock, and the settings at the start; each has a default
 * @throws TypeError or RangeError that names the option, its rule and its value
 * @see the Bonfire document
 * @example
 * ```ts
 * import { createBonfireApi } from 'unexpired/testing';
 * const api = createBonfireApi({ appKey: 'app-key', accessTokenLifetimeMs: 5_000 });
 * const response = await api.fetch('https://bonfire.test/v1/oauth/bots', {
 *   method: 'POST',
 *   headers: { Authorization: 'Bearer app-key' },
 *   body: new URLSearchParams({ grant_type: 'client_credentials', bots: '["ember"]' }),
 * });
 * const { data } = await response.json(); // data.tokens.ember.access_token
 * api.revokeAccessTokens('ember'); // From now on the API answers them with error 450.
 * ```
 */
export function createBonfireApi(options: BonfireApiOptions = {}): BonfireApi {
  checkObject('options', options);
  let settings = mergeSettings(DEFAULT_SETTINGS, options);
  const currentSettings = () => settings;
  const backend = createBackend(options, currentSettings);
  const log = new CallLog();
  const faults = new FaultQueue();
  const router = createRouter(backend);

  return {
    fetch: createTransport({ backend, router, log, faults }),
    get calls() {
      return log.calls;
    },
    get sessions() {
      return backend.sessions.all.map(summaryOf);
    },
    get counts() {
      return countsOf(backend);
    },
    get settings() {
      return settings;
    },
    configure: (patch) => {
      checkObject('patch', patch);
      settings = mergeSettings(settings, patch);
    },
    clearCalls: () => {
      log.clear();
    },
    addFault: (fault) => faults.add(fault),
    clearFaults: () => {
      faults.clear();
    },
    ...controlsOf(backend),
  };
}

function createBackend(options: BonfireApiOptions, settings: () => BonfireSettings): Backend {
  const fixture = fixtureOf(options);
  const accessTokens = new AccessTokens();
  const sessions = new SessionRegistry({ aud: fixture.appKey, issuer: new TokenIssuer(), accessTokens, settings });
  return { fixture, settings, bots: botsOf(fixture.bots), sessions, accessTokens, board: new PostBoard() };
}

function controlsOf({ accessTokens, sessions, fixture }: Backend): Pick<BonfireApi, 'revokeAccessToken' | 'revokeAccessTokens' | 'endSession'> {
  return {
    revokeAccessToken: (accessToken) => {
      accessTokens.revoke(accessToken);
    },
    revokeAccessTokens: (botId) => accessTokens.revokeAll(fixture.now(), botId),
    endSession: (target, reason) => {
      checkObject('target', target);
      checkOneOf('reason', reason, [451, 460, 800, 810]);
      return sessions.end(target, reason);
    },
  };
}

function countsOf({ sessions: { all }, accessTokens, board }: Backend): ApiCounts {
  const sum = (count: (session: (typeof all)[number]) => number) => all.reduce((total, session) => total + count(session), 0);
  return {
    created: all.length,
    refreshes: sum((session) => session.refreshes),
    reuses: sum((session) => session.reuses),
    rejections: accessTokens.rejections,
    maxConcurrentRefreshes: Math.max(0, ...all.map((session) => session.maxConcurrentRefreshes)),
    openStreams: board.listeners,
  };
}
