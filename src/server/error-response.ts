import { AuthError, type AuthErrorCode } from '../core/model/auth-error.ts';

const SIGNED_OUT: readonly AuthErrorCode[] = ['signed_out', 'session_ended', 'session_changed', 'grant_refused', 'key_lost'];
const LATER: readonly AuthErrorCode[] = ['refresh_unavailable', 'grant_unavailable', 'storage_unavailable'];
const BAD_GATEWAY: readonly AuthErrorCode[] = ['misconfigured', 'invalid_response'];

/**
 * Creates the HTTP answer for an error of a session: 401 if the user has to sign in, 503 with `Retry-After` if there is no token
 * just now, 502 if the API refuses the app, and 500 for a mistake of the app.
 *
 * The body is `{"error": code}`, with `endReason` and `apiCode` if the error has them. It has no message and no token.
 *
 * @param error an error of this package; any other one is thrown again
 * @param now epoch ms, to compute `Retry-After`; default: the device's clock
 * @example
 * ```ts
 * import { errorResponse, type ServerSession } from 'unexpired/server';
 * const posts = (session: ServerSession) => session.fetch('/posts').catch(errorResponse);
 * ```
 * @see RFC 9110 sections 15.5.2, 15.6.4 and 10.2.3
 */
export function errorResponse(error: unknown, now: number = globalThis.Date.now()): Response {
  if (!AuthError.is(error)) throw error;
  const { code, endReason, apiCode, retryAt } = error;
  const status = statusOf(code);
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  if (status === 503) headers.set('retry-after', `${Math.max(1, Math.ceil(((retryAt ?? now) - now) / 1000))}`);
  return new Response(JSON.stringify({ error: code, ...(endReason && { endReason }), ...(apiCode && { apiCode }) }), { status, headers });
}

function statusOf(code: AuthErrorCode): number {
  if (SIGNED_OUT.includes(code)) return 401;
  if (LATER.includes(code)) return 503;
  return BAD_GATEWAY.includes(code) ? 502 : 500;
}
