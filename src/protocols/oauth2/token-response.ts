import { parseObject } from '../../core/model/json.ts';
import type { Answer } from '../../core/model/protocol.ts';
import { invalidResponse, transient, transientStatus, type EndReason, type RefreshFailure, type RefreshOutcome } from '../../core/model/refresh-outcome.ts';
import { decodeClaims, parseScopes, tokenSetProblem, type TokenSet } from '../../core/model/token-set.ts';

/**
 * A successful answer of a token endpoint, as libraries for signing in give it.
 *
 * @see RFC 6749 section 5.1
 */
export interface TokenResponse {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  /** Seconds. */
  readonly expires_in?: number | undefined;
  readonly scope?: string | undefined;
}

/** Error codes that blame the app, and what each says. */
const MISCONFIGURED: Readonly<Record<string, string>> = {
  invalid_client: 'the authorization server does not know this client, or wants it to authenticate; check `clientId`',
  unauthorized_client: 'this client may not use the refresh grant',
  unsupported_grant_type: 'the authorization server has no refresh grant',
  invalid_request: 'the authorization server misses something in the request; check `tokenEndpoint` and `parameters`',
  invalid_scope: 'the scope is unknown, or wider than what was granted',
};

/** Error codes that ask for the user: RFC 6749's, and what servers say in its place. */
const END_REASONS: Readonly<Record<string, EndReason>> = {
  invalid_grant: 'refresh_token_invalid',
  token_inactive: 'refresh_token_invalid', // Ory Hydra, for a refresh token that was used or revoked
  bad_refresh_token: 'refresh_token_invalid', // GitHub, with HTTP 200
  interaction_required: 'login_required', // Microsoft Entra, like the next two
  consent_required: 'login_required',
  login_required: 'login_required',
};

/** Error codes that will pass. */
const PASSING = ['temporarily_unavailable', 'server_error', 'slow_down'];

/**
 * Turns a token endpoint's answer into the tokens that `signIn` takes.
 *
 * An access token that is a JWT says when it was issued: its life then counts from there, whatever the device's clock says.
 *
 * @param answer as RFC 6749 has it, read by the library that signs in
 * @param now when it was asked for, epoch ms
 * @see RFC 6749 section 5.1, RFC 9068 section 2.2
 * @example
 * ```ts
 * import { fromTokenResponse } from 'unexpired/oauth2';
 * const tokens = fromTokenResponse({ access_token: 'opaque', expires_in: 300, scope: 'posts' }, Date.UTC(2026, 0, 1));
 * console.log(tokens.expiresAt); // 300 s later, epoch ms
 * ```
 */
export function fromTokenResponse(answer: TokenResponse, now: number): TokenSet {
  return tokensIn({ ...answer }, now, { scopes: [] });
}

/**
 * Reads the answer to a refresh.
 *
 * @see RFC 6749 sections 5.1, 5.2 and 6
 */
export function readRefreshAnswer(answer: Answer, previous: TokenSet): RefreshOutcome {
  const body = parseObject(answer.body);
  const error = body?.['error'];
  const granted = answer.status >= 200 && answer.status < 300 && (error === undefined || body?.['access_token'] !== undefined);
  if (!granted) return failureOf(answer, error);
  const tokens = tokensIn(body ?? {}, answer.now, previous);
  const problem = tokenSetProblem(tokens);
  if (problem) return invalidResponse(problem);
  // To ask again would not change the type, and would spend the refresh token.
  return isBearer(body?.['token_type']) ? { kind: 'granted', tokens } : misconfigured('`token_type` is not `Bearer`');
}

/** What the answer leaves out stays as it was; whether the values can be used is for `tokenSetProblem` to tell. */
function tokensIn(body: Readonly<Record<string, unknown>>, now: number, previous: Pick<TokenSet, 'refreshToken' | 'scopes'>): TokenSet {
  const { access_token: accessToken, refresh_token, expires_in, scope } = body;
  const refreshToken = refresh_token || previous.refreshToken;
  return {
    accessToken: accessToken as string,
    refreshToken: refreshToken as string | undefined,
    expiresAt: expiryOf(accessToken, expires_in, now),
    scopes: typeof scope === 'string' && scope !== '' ? parseScopes(scope) : previous.scopes,
  };
}

/**
 * A JWT tells best: `expires_in`, which is seconds and sometimes text, counts from the answer, and a server that hands out a
 * token once more may count from when it was issued. A token of unknown life is used until it is rejected.
 */
function expiryOf(accessToken: unknown, expiresIn: unknown, now: number): number | null {
  const { iat, exp } = (typeof accessToken === 'string' ? decodeClaims(accessToken) : null) ?? {};
  if (isSeconds(exp)) return exp * 1000;
  const seconds = typeof expiresIn === 'string' && /^\d+(\.\d+)?$/.test(expiresIn) ? Number(expiresIn) : expiresIn;
  return isSeconds(seconds) ? (isSeconds(iat) ? iat * 1000 : now) + seconds * 1000 : null;
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isSafeInteger(Math.ceil(value * 1000));
}

function isBearer(tokenType: unknown): boolean {
  return String(tokenType ?? 'bearer').toLowerCase() === 'bearer';
}

function failureOf({ status, retryAfterMs }: Answer, error: unknown): RefreshFailure {
  const later = transientStatus(status, retryAfterMs); // Whatever else it says: a server in trouble ends nothing.
  if (later) return later;
  const code = typeof error === 'string' ? error.toLowerCase() : '';
  const reason = Object.hasOwn(END_REASONS, code) ? END_REASONS[code] : null;
  if (reason) return { kind: 'final', reason };
  // league/oauth2-server (Laravel Passport) has said so of a refresh token; RFC 6749 has no such status for it.
  if (code === 'invalid_request' && status === 401) return { kind: 'final', reason: 'refresh_token_invalid' };
  const problem = Object.hasOwn(MISCONFIGURED, code) ? MISCONFIGURED[code] : null;
  if (problem) return misconfigured(`${problem} (${code})`);
  return transient(PASSING.includes(code) ? 'server_error' : 'refused', `The token endpoint answered HTTP ${status}.`, retryAfterMs);
}

function misconfigured(problem: string): RefreshFailure {
  return { kind: 'misconfigured', detail: `The authorization server does not fit this app: ${problem}.` };
}
