import { memberAt } from '../../core/model/json.ts';
import type { Answer } from '../../core/model/protocol.ts';
import { transient, transientStatus, type EndReason, type RefreshFailure } from '../../core/model/refresh-outcome.ts';

/** The access token is invalid or expired. */
export const ACCESS_TOKEN_REJECTED = 450;

const END_REASONS: Readonly<Record<number, EndReason>> = {
  451: 'refresh_token_invalid',
  460: 'login_required',
  800: 'password_reset_required',
  810: 'suspended',
};

const MISCONFIGURED: Readonly<Record<number, string>> = {
  400: '`appKey` is malformed',
  401: '`appKey` is not accepted',
  410: 'this version of it is out of date',
  420: 'a user is wanted instead of `appKey`',
  452: 'the token belongs to another `appKey`',
  900: 'the method is not allowed; check `baseUrl`',
  910: 'the API version in `baseUrl` is not served',
};

/**
 * Reads the error code of an answer; it is not the HTTP status, and most codes share one.
 *
 * @returns the code, or `null` when the body carries none
 */
export function errorCodeOf(body: string): number | null {
  const code = memberAt(body, 'error', 'code');
  return typeof code === 'number' ? code : null;
}

/** What an answer of the token endpoint means when it grants nothing. */
export function failureOf(answer: Answer): RefreshFailure {
  const { status, retryAfterMs } = answer;
  const code = errorCodeOf(answer.body);
  const reason = code && END_REASONS[code];
  if (reason) return { kind: 'final', reason };
  const problem = code && MISCONFIGURED[code];
  if (problem) return { kind: 'misconfigured', detail: `The API refuses this app: ${problem} (error code ${code}).` };
  const told = code ? ` with error code ${code}` : '';
  return transientStatus(status, retryAfterMs) ?? transient('refused', `The token endpoint answered HTTP ${status}${told}.`, retryAfterMs);
}
