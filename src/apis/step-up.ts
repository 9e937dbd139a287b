import type { AuthClient } from '../core/auth-client.ts';
import { createHeldSession, type SubjectOf } from '../core/held-session.ts';
import { inspectorOf } from '../core/inspector.ts';
import { AuthError, invalidConfig, sessionChanged, type StepUpChallenge } from '../core/model/auth-error.ts';
import type { Release } from '../core/platform/platform.ts';
import type { Interceptor, SessionInterceptor } from '../core/request/interceptors.ts';
import { parseChallenges } from '../protocols/challenges.ts';

/** Signs the user in again, as the challenge asks for it. Resolves when the new session has begun. */
export type Authenticate = (challenge: StepUpChallenge) => Promise<unknown>;

/** The options of `handleStepUp`. */
export interface StepUpOptions {
  /** Without it, the call rejects, and the app makes it again after the sign-in. */
  readonly authenticate?: Authenticate | undefined;
  /** Returns the id of the user whom tokens are for. Default: the `subjectOf` of the protocol. */
  readonly subjectOf?: SubjectOf | undefined;
}

const UNAUTHORIZED = 401;

/**
 * Handles the answers of APIs that ask for a stronger or a newer authentication of the user, such as a second factor before a payment.
 *
 * Such a call rejects with `step_up_required`, and the error has what the API asks for as `challenge`. No refresh is spent on it, because no
 * refresh could help. With `authenticate`, the call waits for the sign-in instead. It then goes on once, with its body, if the same user has
 * signed in, and rejects with `session_changed` if another one has. Calls that are challenged meanwhile wait for the same sign-in, and calls
 * that wait for their token go on with the new session.
 *
 * An API of another origin must expose `WWW-Authenticate`. Interceptors that were added earlier run once for such a call, those that were
 * added later twice.
 *
 * @param client the client; call this right after `createAuthClient` or `withApis`
 * @param options see {@link StepUpOptions}
 * @returns a function that ends it
 * @throws AuthError `invalid_config` naming the field
 * @see RFC 9470
 * @example
 * ```ts
 * import { handleStepUp } from 'unexpired/apis';
 * import type { AuthClient } from 'unexpired/core';
 * import type { RedirectSignIn } from 'unexpired/redirect';
 * const stepUpInPopup = (auth: AuthClient, redirect: RedirectSignIn) =>
 *   handleStepUp(auth, { authenticate: (challenge) => redirect.start({ ...challenge, popup: true }) });
 * ```
 */
export function handleStepUp(client: AuthClient, options: StepUpOptions = {}): Release {
  const { store } = inspectorOf(client).door;
  const { authenticate, subjectOf } = options;
  for (const field of ['authenticate', 'subjectOf'] as const) {
    if (options[field] !== undefined && typeof options[field] !== 'function') throw invalidConfig(field, 'must be a function, or left out');
  }
  const session = createHeldSession(inspectorOf(client).door, subjectOf, () => undefined, () => undefined);
  session.follow();
  let running: Promise<unknown> | null = null;

  const signInAgain = (start: Authenticate, challenge: StepUpChallenge) =>
    (running ??= Promise.resolve().then(() => start(challenge)).finally(() => (running = null)));

  const goOn: SessionInterceptor = async (request, next, call) => {
    if (!authenticate || !call) return next(request);
    const spare = request.clone();
    try {
      return await next(request);
    } catch (error) {
      session.follow();
      const user = session.user();
      if (!AuthError.is(error) || !user?.sessionIds.has(call.sessionId ?? '')) throw error;
      if (error.challenge) await signInAgain(authenticate, error.challenge);
      else if (error.code !== 'session_changed') throw error; // A call that waited for its token goes on, too.
      session.follow();
      const { sessionId } = store.getSnapshot();
      if (sessionId === null || session.user() !== user) throw sessionChanged();
      call.sessionId = sessionId;
      return await next(spare);
    } finally {
      void spare.body?.cancel().catch(() => undefined);
    }
  };

  const releases = [store.subscribe(session.follow), client.intercept(goOn), client.intercept({ interceptor: failIfChallenged, scope: 'send' })];
  return () => {
    for (const release of releases) release();
  };
}

/** Rejects if the API asks for another authentication. The client does not see such an answer, so it neither refreshes nor replays. */
const failIfChallenged: Interceptor = async (request, next) => {
  const response = await next(request);
  const challenge = response.status === UNAUTHORIZED ? challengeIn(response.headers.get('www-authenticate')) : null;
  if (!challenge) return response;
  void response.body?.cancel().catch(() => undefined);
  const demands = [challenge.acrValues && `one of "${challenge.acrValues}"`, challenge.maxAge !== undefined && `not older than ${challenge.maxAge} s`].filter(Boolean).join(', ');
  throw new AuthError('step_up_required', `The API asks for another authentication of the user${demands && ` (${demands})`}; sign in again with the \`challenge\` of this error.`, { challenge });
};

/** Returns what the API asks for, or `null` if it asks for nothing. */
function challengeIn(header: string | null): StepUpChallenge | null {
  const found = parseChallenges(header).find(({ params }) => params['error']?.toLowerCase() === 'insufficient_user_authentication');
  if (!found) return null;
  const { acr_values: acrValues = '', max_age: maxAge = '' } = found.params;
  return {
    ...(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(acrValues) && { acrValues }),
    ...(/^\d{1,9}$/.test(maxAge) && { maxAge: Number(maxAge) }),
  };
}
