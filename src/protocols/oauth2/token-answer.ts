import { parseObject } from '../../core/model/json.ts';
import type { Answer } from '../../core/model/protocol.ts';
import { invalidResponse, transientStatus, type RefreshFailure, type RefreshOutcome } from '../../core/model/refresh-outcome.ts';
import { parseScopes, tokenSetProblem, type TokenSet } from '../../core/model/token-set.ts';

/** Error codes that blame the app, and what each says. */
const MISCONFIGURED: Readonly<Record<string, string>> = {
  invalid_client: 'the authorization server does not know this client, or wants it to authenticate; check `clientId`',
  unauthorized_client: 'this client may not use the refresh grant',
  unsupported_grant_type: 'the authorization server has no refresh grant',
  invalid_request: 'the authorization server misses something in the request; check `tokenEndpoint` and `parameters`',
  invalid_scope: 'the scope is unknown, or wider than what was granted',
};

/** Error codes that will pass. */
const PASSING = ['temporarily_unavailable', 'server_error', 'slow_down'];

/**
 * Reads the answer to a refresh.
 *
 * @see RFC 6749 sections 5.1, 5.2 and 6
 */
export function readTokenAnswer(answer: Answer, previous: TokenSet): RefreshOutcome {
  const body = parseObject(answer.body);
  if (answer.status < 200 || answer.status >= 300) return failureOf(answer, body?.['error']);
  const refreshToken = body?.['refresh_token'] ?? previous.refreshToken;
  const scope = body?.['scope'];
  const expiresAt = expiryOf(body?.['expires_in'], answer.now);
  const tokens = {
    accessToken: body?.['access_token'],
    ...(refreshToken === undefined ? {} : { refreshToken }),
    expiresAt,
    scopes: typeof scope === 'string' ? parseScopes(scope) : previous.scopes,
  };
  const problem = typeof expiresAt === 'string' ? expiresAt : (typeProblem(body?.['token_type']) ?? tokenSetProblem(tokens));
  return problem ? invalidResponse(`The token answer cannot be read: ${problem}.`) : { kind: 'granted', tokens: tokens as TokenSet };
}

function failureOf({ status, retryAfterMs }: Answer, error: unknown): RefreshFailure {
  const code = typeof error === 'string' ? error.toLowerCase() : '';
  if (code === 'invalid_grant') return { kind: 'final', reason: 'refresh_token_invalid' };
  const problem = Object.hasOwn(MISCONFIGURED, code) ? MISCONFIGURED[code] : null;
  if (problem && status < 500) return { kind: 'misconfigured', detail: `The authorization server refuses this app: ${problem} (${code}).` };
  const detail = `The token endpoint answered HTTP ${status}.`;
  return transientStatus(status, retryAfterMs)
    ?? { kind: 'transient', cause: PASSING.includes(code) ? 'server_error' : 'refused', retryAfterMs, detail };
}

// Seconds from when the answer was made; some servers write the number as text.
function expiryOf(expiresIn: unknown, now: number): number | null | string {
  if (expiresIn === undefined || expiresIn === null) return null;
  const seconds = typeof expiresIn === 'string' && /^\d+$/.test(expiresIn) ? Number(expiresIn) : expiresIn;
  return typeof seconds === 'number' && seconds >= 0 && Number.isSafeInteger(Math.ceil(seconds * 1000)) ? now + seconds * 1000 : '`expires_in` is no number of seconds';
}

function typeProblem(tokenType: unknown): string | null {
  return tokenType === undefined || (typeof tokenType === 'string' && tokenType.toLowerCase() === 'bearer')
    ? null
    : '`token_type` is not `Bearer`';
}
