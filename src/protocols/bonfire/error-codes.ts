import { refusalHint } from '#words';
import { memberAt } from '../../core/model/json.ts';
import type { Answer } from '../../core/model/answer.ts';
import { classifyFailure, type EndReason, type GrantRefusal, type RefreshFailure } from '../../core/model/refresh-outcome.ts';

/** The error code of a call whose access token is invalid or expired. */
export const ACCESS_TOKEN_REJECTED = 450;

const END_REASONS: Readonly<Record<number, EndReason>> = {
  451: 'refresh_token_invalid',
  460: 'login_required',
  800: 'password_reset_required',
  810: 'suspended',
};

/** The error codes that point to a wrong set-up; `words.ts` says what each of them means. */
const MISCONFIGURED: readonly number[] = [400, 401, 410, 420, 452, 900, 910];

/**
 * Reads the error code of an answer. It is not the HTTP status, which most error codes share.
 *
 * @param body the body as text
 * @returns the code, or `null` if the body carries none
 * @see the Bonfire document: error codes
 */
export function errorCodeOf(body: string): number | null {
  const code = memberAt(body, 'error', 'code');
  return typeof code === 'number' ? code : null;
}

/**
 * Classifies an answer of the token endpoint that grants no tokens.
 *
 * @see the Bonfire document: error codes
 */
export function failureOf(answer: Answer): RefreshFailure {
  const code = errorCodeOf(answer.body) ?? 0;
  const failure = classifyFailure(answer, END_REASONS[code]);
  if (failure.kind === 'final' || failure.cause !== 'refused' || code === 0) return failure;
  if (MISCONFIGURED.includes(code)) return { kind: 'misconfigured', detail: `The API refuses this app${refusalHint(code)} (error code ${code}).` };
  return { ...failure, detail: `The token endpoint answered HTTP ${answer.status} with error code ${code}.` };
}

/**
 * Adds the API's error code to a refusal, because a grant has no session that could end.
 *
 * @param failure what {@link failureOf} read in the answer
 */
export function asGrantFailure(failure: RefreshFailure, { body }: Answer): GrantRefusal | RefreshFailure {
  const code = errorCodeOf(body);
  const isRefusal = failure.kind === 'final' || (failure.kind === 'transient' && failure.cause === 'refused');
  return code !== null && isRefusal ? { kind: 'refused', apiCode: String(code), endReason: END_REASONS[code] } : failure;
}
