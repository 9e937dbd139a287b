import { requirementOf } from '#words';
import type { EndReason } from './refresh-outcome.ts';

/**
 * The kind of problem, as a literal to switch on.
 *
 * - `signed_out`: there is no session; sign in
 * - `session_ended`: the session ended during the call; `endReason` says why
 * - `session_changed`: the user signed out, or another user signed in, during the call
 * - `refresh_unavailable`: there is no usable token right now; `retryAt` says when to expect one
 * - `grant_unavailable`: the token endpoint could not be asked for the grant; `retryAt` says when to try again
 * - `grant_refused`: the API refuses the grant, for example a wrong password; `apiCode` has its own code
 * - `sign_in_expired`: a redirect came back whose sign-in is over, too old, or of another browser; sign in again
 * - `step_up_required`: the API asks for another authentication of the user; `challenge` says which one
 * - `misconfigured`: the API refuses the app itself, such as a wrong App Key, or answers a refresh in a way that cannot be used
 * - `invalid_response`: the API's answer to a grant cannot be read
 * - `invalid_config`: an argument is wrong; `field` names it
 * - `key_lost`: the key that the tokens are bound to is gone from this browser; sign in again
 * - `origin_not_allowed`: the request goes to an origin that must not get the token
 * - `storage_unavailable`: storage cannot be used, or the tokens could not be removed from it
 * - `disposed`: the client has been disposed
 */
export type AuthErrorCode =
  | 'signed_out'
  | 'session_ended'
  | 'session_changed'
  | 'refresh_unavailable'
  | 'grant_unavailable'
  | 'grant_refused'
  | 'sign_in_expired'
  | 'step_up_required'
  | 'misconfigured'
  | 'invalid_response'
  | 'invalid_config'
  | 'key_lost'
  | 'origin_not_allowed'
  | 'storage_unavailable'
  | 'disposed';

/** The authentication that an API asks for (RFC 9470 section 3). The `start` of a sign-in by redirect takes both members. */
export interface StepUpChallenge {
  /** The ways of authentication of which the API accepts any, separated by spaces. */
  readonly acrValues?: string | undefined;
  /** The longest time since the user was authenticated, seconds. */
  readonly maxAge?: number | undefined;
}

/** The members of an {@link AuthError} beside its code and message. */
export interface AuthErrorDetails {
  /** True if the same call may succeed later without any change. */
  readonly transient?: boolean;
  /** When to try again, epoch ms by the device's clock. */
  readonly retryAt?: number | null;
  readonly endReason?: EndReason | null;
  /** The argument that is wrong. */
  readonly field?: string;
  /** The API's own code for a refused grant, such as `wrong_password`. */
  readonly apiCode?: string | null;
  /** What the API asks for; only with `step_up_required`. */
  readonly challenge?: StepUpChallenge;
}

// The symbol is registered, so that an error from another copy of the package is still recognised.
const BRAND = Symbol.for('unexpired.AuthError');

/**
 * The one error class of this package. It has a literal `code`. It has no cause and quotes no other error, so it contains no token.
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
  declare readonly apiCode: string | null;
  declare readonly challenge?: StepUpChallenge;

  constructor(code: AuthErrorCode, message: string, details: AuthErrorDetails = {}) {
    super(message);
    Object.assign(this, { code, transient: false, retryAt: null, endReason: null, field: null, apiCode: null, ...details });
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a value is an `AuthError`, from this or another copy of the package. */
  static is(value: unknown): value is AuthError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** Creates a transient error, by default `refresh_unavailable`. */
export function unavailable(message: string, retryAt: number, code: AuthErrorCode = 'refresh_unavailable'): AuthError {
  return new AuthError(code, message, { transient: true, retryAt });
}

/** Creates an `invalid_config` error that names the field and says what it must be. */
export function invalidConfig(field: string, right: string): AuthError {
  return new AuthError('invalid_config', `\`${field}\` ${right}.`, { field });
}

/**
 * Creates an `invalid_config` error whose explanation is in `words.ts`, so that a production build has only the field.
 *
 * Code that every app loads uses this one instead of {@link invalidConfig}.
 *
 * @param value the wrong value; the explanation shows only its type if it may be a secret
 * @param requirement names the explanation, if the field has several
 */
export function invalidSetting(field: string, value: unknown, requirement = field): AuthError {
  return invalidConfig(field, requirementOf(requirement, value));
}

/** Creates the error of a call whose user is no longer the one it was made for. */
export function sessionChanged(): AuthError {
  return new AuthError('session_changed', 'The user signed out or changed during the call; make it again.');
}

/** Creates the error of code that needs an access token while a server keeps it. */
export function tokenOnServer(): AuthError {
  return new AuthError('misconfigured', requirementOf('accessToken on a server'));
}

/** Creates the error of a call that needs a user while there is none. */
export function signedOut(endReason: EndReason | null): AuthError {
  return new AuthError('signed_out', 'No user is signed in; call `signIn` first.', { endReason });
}

/** Creates the error of every call to a client after its `dispose()`. */
export function disposedError(): AuthError {
  return new AuthError('disposed', 'This client has been disposed; create another one.');
}

/** Throws `disposed` once the signal of a client has aborted. React Native has no `throwIfAborted`. */
export function throwIfDisposed(disposed: AbortSignal): void {
  if (disposed.aborted) throw disposedError();
}
