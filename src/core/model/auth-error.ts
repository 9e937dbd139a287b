import type { EndReason } from './refresh-outcome.ts';

/**
 * What went wrong, as a literal to switch on.
 *
 * - `signed_out`: there is no session, sign in
 * - `session_ended`: the session ended during the call (`endReason` says why)
 * - `session_changed`: somebody else signed in, or the user signed out, during the call
 * - `refresh_unavailable`: no usable token for now, `retryAt` says when to expect one
 * - `misconfigured`: the API refuses the app itself, such as a wrong App Key
 * - `invalid_response`: the API's answer to a grant cannot be read
 * - `grant_refused`: the API refuses the grant
 * - `invalid_config`: an argument is wrong (`field` names it)
 * - `origin_not_allowed`: the call goes where the token must not
 * - `storage_unavailable`: the tokens could not be removed from storage
 * - `disposed`: the client was disposed of
 */
export type AuthErrorCode =
  | 'signed_out'
  | 'session_ended'
  | 'session_changed'
  | 'refresh_unavailable'
  | 'misconfigured'
  | 'invalid_response'
  | 'grant_refused'
  | 'invalid_config'
  | 'origin_not_allowed'
  | 'storage_unavailable'
  | 'disposed';

/** What an {@link AuthError} tells beside its code and message. */
export interface AuthErrorDetails {
  /** True when the same call may work later without anybody doing anything. */
  readonly transient?: boolean;
  /** When to expect that, epoch ms by the device's clock. */
  readonly retryAt?: number | null;
  readonly endReason?: EndReason | null;
  /** The argument that is wrong. */
  readonly field?: string;
  /** What caused it, already redacted. */
  readonly cause?: Error;
}

// Registered, so that an error from another copy of the package is still recognised.
const BRAND = Symbol.for('unexpired.AuthError');

/**
 * The one error of this package: a literal `code`, and never a token in it.
 *
 * @example
 * ```ts
 * import { AuthError, createAuthClient } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' }) });
 * const posts = await auth.fetch('/posts').catch((error: unknown) => {
 *   if (AuthError.is(error) && error.transient) return null; // try again after error.retryAt
 *   throw error;
 * });
 * ```
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  declare readonly code: AuthErrorCode;
  declare readonly transient: boolean;
  declare readonly retryAt: number | null;
  declare readonly endReason: EndReason | null;
  declare readonly field: string | null;

  constructor(code: AuthErrorCode, message: string, { cause, ...details }: AuthErrorDetails = {}) {
    super(message, cause && { cause });
    Object.assign(this, { code, transient: false, retryAt: null, endReason: null, field: null, ...details });
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a value is an `AuthError`, of this or another copy of the package. */
  static is(value: unknown): value is AuthError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** A `refresh_unavailable` that time will mend. */
export function unavailable(message: string, retryAt: number): AuthError {
  return new AuthError('refresh_unavailable', message, { transient: true, retryAt });
}

/** An `invalid_config` that names the field and what would be right. */
export function invalidConfig(field: string, right: string): AuthError {
  return new AuthError('invalid_config', `\`${field}\` ${right}.`, { field });
}
