import { invalidSetting } from '../../core/model/auth-error.ts';
import type { Answer } from '../../core/model/answer.ts';
import { checkedBaseUrl, originsOf } from '../../core/model/base-url.ts';
import type { MayReject, Protocol, TokenRequest } from '../../core/model/protocol.ts';
import { BEARER_HEADER } from '../../core/model/protocol.ts';
import { inCookie } from '../../core/in-cookie.ts';
import { subjectIn } from '../../core/model/token-set.ts';
import { isInvalidToken } from '../challenges.ts';
import { generationOf, readSession } from './session-answer.ts';

/** The settings of a server that keeps all tokens. */
export interface ServerTokensConfig {
  /** The path of the server's handler, as in `createSessions`. Default: `/auth`. */
  readonly basePath?: string | undefined;
  /** The path of the server's proxy, which relative calls continue. Default: `/api`. */
  readonly apiPath?: string | undefined;
  readonly tokens?: undefined;
  readonly baseUrl?: undefined;
}

/** The settings of a server that gives access tokens to its pages, which call the API themselves. The server must have `tokens: 'page'`, too. */
export interface PageTokensConfig {
  /** The path of the server's handler, as in `createSessions`. Default: `/auth`. */
  readonly basePath?: string | undefined;
  readonly tokens: 'page';
  /** The base of relative calls, such as `https://api.example.com/v1`. Its origin gets the access token. */
  readonly baseUrl: string;
  /** Returns whether the API rejected the access token; called for each 4xx answer. Default: `invalid_token` in `WWW-Authenticate` of a 401. */
  readonly isRejection?: ((answer: Answer) => boolean) | undefined;
  readonly apiPath?: undefined;
}

export type ViaServerConfig = ServerTokensConfig | PageTokensConfig;

/** The protocol of a server that keeps the session. */
export interface ViaServerProtocol extends Protocol {
  /** The path of the server's handler. */
  readonly basePath: string;
}

/** The header that names the session of the page. The server compares it with that of the cookie. */
const SESSION_HEADER = 'x-session';

/**
 * Creates the protocol of an app whose server keeps the session with `unexpired/server`.
 *
 * The page has no refresh token. By default it has no access token either: calls go to the server's proxy. With `tokens: 'page'`, each
 * tab gets the access token, keeps it in memory, and calls the API itself. Everything else works as with tokens in the page.
 *
 * @param config the paths of the server, see {@link ServerTokensConfig} and {@link PageTokensConfig}
 * @throws AuthError `invalid_config`, with the name of the setting as field
 * @see RFC 10017 sections 6.1 (backend for frontend) and 6.2 (token-mediating backend)
 * @example
 * ```ts
 * import { createAuthClient } from 'unexpired/core';
 * import { viaServer } from 'unexpired/via-server';
 * const auth = createAuthClient({ protocol: viaServer() });
 * const posts = await auth.fetch('/posts'); // The server gets `/api/posts` with the cookie of the session.
 * ```
 */
export function viaServer(config: ViaServerConfig = {}): ViaServerProtocol {
  const { basePath, baseUrl, isRejection } = checked(config);
  const inPage = config.tokens === 'page';
  const path = `${basePath}/${inPage ? 'token' : 'session'}`;
  const shared = {
    name: 'via-server',
    baseUrl,
    endpointBase: '/',
    basePath,
    eventsPath: `${basePath}/events`,
    resourceOrigins: originsOf(baseUrl),
    refreshCookie: inCookie(),
    readRefresh: (answer) => readSession(answer, path, inPage),
    anonymousAuthorization: () => null,
    // A server that does not name its users still names its sessions, so that no call of one goes out as another.
    subjectOf: ({ extra }) => subjectIn(extra?.['subject']) ?? subjectIn(extra?.['session']),
    // The name of the session, so that a sign-out which is repeated later ends no newer session.
    keptAtSignOut: ({ extra }) => extra && { session: extra['session'] },
    revokeRequest: ({ extra }) => post(`${basePath}/sign-out`, undefined, extra?.['session']),
  } satisfies Partial<ViaServerProtocol>;

  if (!inPage) {
    const mayReject: MayReject = (status, header) => status === 401 && header('x-session-error') !== null;
    return {
      ...shared,
      accessToken: 'server',
      refreshRequest: () => post(path),
      tokenHeader: { name: SESSION_HEADER, value: (session) => session, isPublic: true },
      mayReject,
      isRejection: ({ status, header }) => mayReject(status, header),
    };
  }
  return {
    ...shared,
    accessToken: 'memory',
    refreshRequest: (_refreshToken, { accessToken, expiresAt, extra } = { accessToken: '', expiresAt: null, scopes: [] }) => post(path, { after: generationOf(accessToken, expiresAt, extra) }, extra?.['session']),
    tokenHeader: BEARER_HEADER,
    mayReject: (status) => status === 401 || (isRejection !== undefined && status >= 400 && status < 500),
    isRejection: isRejection ?? isInvalidToken,
    rejectionHeader: isRejection ? undefined : 'WWW-Authenticate',
  };
}

/**
 * Creates a request to the server's handler.
 *
 * @param session the public name of the session that the page shows
 */
export function post(url: string, body?: unknown, session?: unknown): TokenRequest {
  return {
    url,
    method: 'POST',
    headers: { accept: 'application/json', ...(typeof session === 'string' && { [SESSION_HEADER]: session }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

function checked(config: ViaServerConfig): { readonly basePath: string; readonly baseUrl: string; readonly isRejection?: ((answer: Answer) => boolean) | undefined } {
  const { basePath = '/auth', tokens, apiPath = '/api', baseUrl, isRejection } = { isRejection: undefined, ...config };
  if (!isPath(basePath)) throw invalidSetting('basePath', basePath);
  if (tokens === 'page') {
    if (config.apiPath !== undefined) throw invalidSetting('apiPath', apiPath, 'apiPath without a proxy');
    if (isRejection !== undefined && typeof isRejection !== 'function') throw invalidSetting('isRejection', isRejection);
    return { basePath, baseUrl: checkedBaseUrl(baseUrl), isRejection };
  }
  if (tokens !== undefined) throw invalidSetting('tokens', tokens, 'tokens of a server');
  if (baseUrl !== undefined) throw invalidSetting('baseUrl', baseUrl, 'baseUrl behind a server');
  if (isRejection !== undefined) throw invalidSetting('isRejection', isRejection, 'isRejection behind a server');
  if (!isPath(apiPath)) throw invalidSetting('apiPath', apiPath);
  return { basePath, baseUrl: apiPath };
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && /^(\/[\w.~-]+)+$/.test(value);
}
