import { AuthError, invalidConfig } from '../../core/model/auth-error.ts';
import { parseIsoDate } from '../../core/model/iso-date.ts';
import { asObject, parseObject, type JsonObject } from '../../core/model/json.ts';
import type { Answer } from '../../core/model/answer.ts';
import { classifyFailure, invalidResponse, withRotated, type EndReason, type RefreshFailure, type RefreshOutcome } from '../../core/model/refresh-outcome.ts';
import { decodeClaims, instantOf, parseScopes, subjectIn, tokenSetProblem, type Claims, type TokenSet } from '../../core/model/token-set.ts';
import { given, typeGiven } from '#words';

/**
 * The JSON of a successful token response, as libraries for the sign-in return it.
 *
 * @see RFC 6749 section 5.1; the IPSIE SL1 profile of OpenID Connect (`session_expiry`)
 */
export interface TokenResponse {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  /** The lifetime of the access token, seconds. */
  readonly expires_in?: number | undefined;
  /** The lifetime of the refresh token, seconds, as Keycloak names it; 0 if it has no end. */
  readonly refresh_expires_in?: number | undefined;
  /** The lifetime of the refresh token, seconds, as GitHub and Microsoft Entra name it. */
  readonly refresh_token_expires_in?: number | undefined;
  /** When the refresh token ends, seconds since the epoch or an ISO 8601 date, for servers that state no duration. */
  readonly refresh_expires_at?: number | string | undefined;
  /** When the session ends at the latest, seconds since the epoch. Default: the claim `session_expiry` of the ID token. */
  readonly session_expiry?: number | undefined;
  /** The ID token. It is kept if `keep` names it. */
  readonly id_token?: string | undefined;
  /** The granted scopes, separated by spaces. */
  readonly scope?: string | undefined;
}

/** The error codes that point to a wrong set-up, with the problem and the next step. */
const MISCONFIGURED: Readonly<Record<string, string>> = {
  invalid_client: 'this client is unknown, or a secret is required; check `clientId`',
  unauthorized_client: 'this client may not use the refresh grant; allow it at the server',
  unsupported_grant_type: 'it has no refresh grant; check `tokenEndpoint`',
  invalid_request: 'a parameter is missing or wrong; check `tokenEndpoint` and `parameters`',
  invalid_scope: 'the scope is unknown, or wider than the granted one; check `parameters`',
};

/** The error codes that require a sign-in: the code of RFC 6749, and the codes that servers send in its place. */
const END_REASONS: Readonly<Record<string, EndReason>> = {
  invalid_grant: 'refresh_token_invalid',
  token_inactive: 'refresh_token_invalid', // Ory Hydra sends this code for a refresh token that was used or revoked.
  invalid_token: 'refresh_token_invalid', // UAA of Cloud Foundry sends this code of RFC 6750.
  bad_refresh_token: 'refresh_token_invalid', // GitHub sends this code with HTTP 200.
  interaction_required: 'login_required', // Microsoft Entra sends this code and the next two.
  consent_required: 'login_required',
  login_required: 'login_required',
};

/** The error codes of a server that may grant the same request later. */
const RETRYABLE = ['temporarily_unavailable', 'server_error', 'slow_down'];

/**
 * Converts a token response to the token set that `signIn` takes.
 *
 * If the access token is a JWT, its own `exp` is the expiry, or `expires_in` counts from its `iat`. The device's clock then
 * does not matter.
 *
 * @param response the parsed JSON of the token response
 * @param receivedAt when the response arrived, epoch ms, such as `Date.now()`
 * @param keep the names of further members to keep as `extra`, such as `['id_token']`; see `keep` of `oauth2`
 * @returns the tokens; if neither `expires_in` nor a JWT gives their expiry, they are used until the API rejects them
 * @throws AuthError `invalid_response` if it is not a token response, `invalid_config` if `receivedAt` is not epoch ms; the
 * message quotes no token
 * @see RFC 6749 section 5.1, RFC 9068 section 2.2
 * @example
 * ```ts
 * import { fromTokenResponse } from 'unexpired/oauth2';
 * const tokens = fromTokenResponse({ access_token: 'opaque', expires_in: 300, scope: 'posts' }, Date.UTC(2026, 0, 1));
 * console.log(tokens.expiresAt === Date.UTC(2026, 0, 1, 0, 5)); // true
 * ```
 */
export function fromTokenResponse(response: TokenResponse, receivedAt: number, keep: readonly string[] = []): TokenSet {
  if (!Number.isFinite(receivedAt) || isInSeconds(receivedAt)) {
    throw invalidConfig('receivedAt', `must be epoch milliseconds, such as \`Date.now()\`${typeof receivedAt === 'number' ? given(receivedAt) : typeGiven(receivedAt)}`);
  }
  const body = asObject(response);
  const tokens = tokensIn(body ?? {}, receivedAt, { scopes: [] }, keep);
  const problem = responseProblem(response) ?? tokenSetProblem(tokens);
  if (problem) throw new AuthError('invalid_response', `\`fromTokenResponse\` takes the parsed JSON of a token response: ${problem}.`);
  return tokens;
}

/** Returns whether an instant is in seconds (2001 to 2286). As milliseconds it would be a day in early 1970. */
function isInSeconds(instant: number): boolean {
  return instant >= 1e9 && instant < 1e10;
}

/** Names the usual mistakes; `tokenSetProblem` finds the others. */
function responseProblem(response: unknown): string | null {
  const body = asObject(response);
  if (!body) return `it is not an object${typeGiven(response)}`;
  if (typeof body['then'] === 'function') return 'await the promise first';
  if (typeof body['json'] === 'function') return 'pass `await response.json()`';
  return body['access_token'] === undefined && body['error'] !== undefined ? 'the server answered an error' : null;
}

/**
 * Reads the answer to a refresh request.
 *
 * @param answer the answer of the token endpoint
 * @param previous supplies the refresh token, the scopes and the kept members that the answer leaves out
 * @param keep the names of further members to keep
 * @param isFinal whether an answer without tokens is final in words of the server's own
 * @param isInCookie whether the browser keeps the refresh token. A server calls a missing cookie a missing parameter
 * @see RFC 6749 sections 5.1, 5.2 and 6
 */
export function readRefreshAnswer(answer: Answer, previous: TokenSet, keep: readonly string[] = [], isFinal?: (answer: Answer) => boolean, isInCookie = false): RefreshOutcome {
  const body = parseObject(answer.body);
  const error = body?.['error'];
  const hasToken = body?.['access_token'] !== undefined;
  const isGranted = answer.status >= 200 && answer.status < 300 && (hasToken || (error === undefined && !isRefusal(body)));
  if (!(isGranted && hasToken) && isFinal?.(answer)) return classifyFailure(answer, 'refresh_token_invalid');
  if (!isGranted) return failureOf(answer, error, isInCookie);
  const tokens = tokensIn(body ?? {}, answer.now, previous, keep);
  const problem = tokenSetProblem(tokens);
  const outcome = problem
    ? invalidResponse(problem)
    : isBearer(body?.['token_type']) ? { kind: 'granted' as const, tokens } : misconfigured('`token_type` is not `Bearer`; set `dpop`, or let it issue bearer tokens');
  return withRotated(outcome, tokens.refreshToken, previous);
}

/** Keeps the previous value of a member that the body leaves out. The values are unchecked: see `tokenSetProblem`. */
function tokensIn(body: Readonly<Record<string, unknown>>, now: number, previous: Partial<TokenSet> & Pick<TokenSet, 'scopes'>, keep: readonly string[]): TokenSet {
  const { access_token: accessToken, refresh_token, expires_in, scope } = body;
  const refreshToken = refresh_token || previous.refreshToken;
  const { sentAt, ...times } = timesIn(accessToken, expires_in, now);
  // Keycloak sends the first name, with 0 for a token without an end. GitHub and Microsoft Entra send the second name.
  const refreshMs = durationOf(body['refresh_expires_in'] ?? body['refresh_token_expires_in']);
  const names = [...keep, ...Object.keys(previous.extra ?? {})]; // What a sign-in has kept goes on, such as its ID token.
  const sessionEnd = instantOf(body['session_expiry'] ?? decodeClaims(body['id_token'] as string)?.['session_expiry']);
  const further = Object.fromEntries(names.filter((name) => Object.hasOwn(body, name) && (name !== 'id_token' || isSuccessor(body[name], previous.extra?.[name]))).map((name) => [name, body[name]]));
  const [former, next] = [userIn(previous), userIn({ accessToken: accessToken as string, extra: further })];
  const isOtherUser = former !== null && next !== null && former !== next;
  const sent = accessToken === previous.accessToken ? now : sentAt;
  return {
    accessToken: accessToken as string,
    refreshToken: refreshToken as string | undefined,
    ...times,
    // The span between both needs no clock, so the client takes the end as certain.
    ...(refreshMs === null && { refreshExpiresAt: endIn(body['refresh_expires_at']) }),
    ...(sessionEnd !== null && { sessionExpiresAt: sessionEnd }),
    ...(refreshMs && { refreshExpiresAt: Math.floor(sent + refreshMs), issuedAt: Math.floor(sent) }),
    ...(names.length > 0 && { extra: { ...(isOtherUser ? {} : previous.extra), ...further } }),
    scopes: typeof scope === 'string' && scope !== '' ? parseScopes(scope) : previous.scopes,
  };
}

/** Returns the user whom the tokens name: a JWT as access token, else the ID token. */
export function userIn({ accessToken, extra }: Partial<TokenSet>): string | null {
  return subjectIn((decodeClaims(accessToken as string) ?? decodeClaims(extra?.['id_token'] as string))?.sub);
}

/** A single audience is a text or a list of one. The claim is unchecked, so it may have no text of its own. */
const audienceOf = (claims: Claims | null | undefined) => JSON.stringify([claims?.aud].flat());

/**
 * Whether an ID token may take the place of another one. An ID token of another issuer, or for another client, may not; the session goes on
 * with the former one.
 *
 * @see OpenID Connect Core section 12.2
 */
function isSuccessor(idToken: unknown, former: unknown): boolean {
  const [next, last] = [idToken, former].map((token) => (typeof token === 'string' ? decodeClaims(token) : null));
  return !last || (next?.iss === last.iss && audienceOf(next) === audienceOf(last));
}

/**
 * Returns the expiry of an access token, whole epoch ms, or `null` if it is unknown, and when its answer was sent.
 *
 * The claims of a JWT come first. Without `exp`, `expires_in` counts from `iat`, because a server can return a token that it
 * issued earlier. With `exp`, it shows when the answer was sent, because some servers write an `iat` that is minutes old.
 */
function timesIn(accessToken: unknown, expiresIn: unknown, now: number): Pick<TokenSet, 'expiresAt' | 'issuedAt'> & { readonly sentAt: number } {
  const claims = typeof accessToken === 'string' ? decodeClaims(accessToken) : null;
  const [iat, exp, lifetimeMs] = [instantOf(claims?.iat), instantOf(claims?.exp), durationOf(expiresIn)];
  if (exp === null) return { expiresAt: lifetimeMs === null ? null : Math.floor((iat ?? now) + lifetimeMs), sentAt: iat ?? now };
  const sentAt = Math.floor(exp - (lifetimeMs ?? Infinity));
  const isLater = sentAt > (iat ?? 0);
  return { expiresAt: Math.floor(exp), issuedAt: isLater ? sentAt : undefined, sentAt: isLater ? sentAt : iat ?? now };
}

/** Reads an instant: seconds since the epoch, or an ISO 8601 date. */
function endIn(value: unknown): number | undefined {
  return (typeof value === 'string' ? parseIsoDate(value) : instantOf(value)) ?? undefined;
}

/** Converts seconds to ms; `null` if they cannot be read. Some servers send them as text. */
function durationOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && seconds >= 0 && Number.isSafeInteger(Math.ceil(seconds * 1000)) ? seconds * 1000 : null;
}

/** Whether a body carries the status of a refusal, which some servers send with HTTP 200. */
function isRefusal(body: JsonObject | null): boolean {
  return ['code', 'status', 'statusCode'].some((name) => /^[45]\d\d$/.test(String(body?.[name])));
}

function isBearer(tokenType: unknown): boolean {
  return tokenType === undefined || tokenType === null || (typeof tokenType === 'string' && tokenType.toLowerCase() === 'bearer');
}

function failureOf(answer: Answer, error: unknown, isInCookie: boolean): RefreshFailure {
  const code = typeof error === 'string' ? error.toLowerCase() : '';
  const failure = classifyFailure(answer, endReasonOf(code, answer.status));
  if (failure.kind === 'final' || failure.cause !== 'refused') return failure;
  const problem = Object.hasOwn(MISCONFIGURED, code) && !(isInCookie && code === 'invalid_request') ? MISCONFIGURED[code] : null;
  if (problem) return misconfigured(`${problem} (${code})`);
  return RETRYABLE.includes(code) ? { ...failure, cause: 'server_error' } : failure;
}

function endReasonOf(code: string, status: number): EndReason | undefined {
  // league/oauth2-server (Laravel Passport) rejects a refresh token with this pair, which RFC 6749 does not define.
  if (code === 'invalid_request' && status === 401) return 'refresh_token_invalid';
  return Object.hasOwn(END_REASONS, code) ? END_REASONS[code] : undefined;
}

function misconfigured(problem: string): RefreshFailure {
  return { kind: 'misconfigured', detail: `The authorization server does not fit this app: ${problem}.` };
}
