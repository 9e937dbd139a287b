import { useCallback, useEffect, useInsertionEffect, useRef, useState, type ReactNode } from 'react';
import { AuthError } from '../../core/model/auth-error.ts';
import { useAuthClient } from '../../react/auth-context.ts';
import type { FinishedSignIn, RedirectSignIn } from '../create-redirect-sign-in.ts';
import { useSignIn } from './use-sign-in.ts';

/** A sign-in that did not succeed. */
export interface FailedSignIn {
  readonly error: AuthError;
  /** Starts the sign-in again. It goes on where this one would have. */
  readonly retry: () => void;
}

/** The props of `RedirectCallback`. */
export interface RedirectCallbackProps {
  /** What `createRedirectSignIn` made. */
  readonly redirect: RedirectSignIn;
  /** Goes on, once: the router replaces the callback page by this path, with its query and fragment. */
  readonly onSignedIn: (returnTo: string) => void;
  /** What is shown until then. Default: a line of text. */
  readonly pending?: ReactNode;
  /** Shows a sign-in that failed. Default: two lines of text and a button. */
  readonly children?: ((failed: FailedSignIn) => ReactNode) | undefined;
}

/**
 * Finishes a sign-in on its callback page, and goes on. If it fails, it says why and offers to try again.
 *
 * A callback that is opened again, such as by the back button, goes on to the start page if a user is signed in.
 *
 * @throws AuthError `invalid_config` outside an `AuthProvider`
 * @example
 * ```tsx
 * import type { RedirectSignIn } from 'unexpired/redirect';
 * import { RedirectCallback } from 'unexpired/redirect/react';
 * function CallbackPage({ redirect, navigate }: { redirect: RedirectSignIn; navigate: (to: string, options: { replace: true }) => void }) {
 *   return <RedirectCallback redirect={redirect} onSignedIn={(returnTo) => navigate(returnTo, { replace: true })} />;
 * }
 * ```
 */
export function RedirectCallback({ redirect, onSignedIn, pending = <p role="status">Signing in…</p>, children = failedView }: RedirectCallbackProps): ReactNode {
  const client = useAuthClient();
  const { signIn, error: startError } = useSignIn(redirect);
  const [finishError, setFinishError] = useState<AuthError | null>(null);
  const finishing = useRef<Promise<FinishedSignIn> | null>(null);
  const goOn = useRef(onSignedIn);
  useInsertionEffect(() => {
    goOn.current = onSignedIn;
  });

  useEffect(() => {
    if (finishing.current) return; // StrictMode runs this twice.
    finishing.current = redirect.finish();
    finishing.current.then(
      ({ returnTo }) => goOn.current(returnTo),
      async (error: unknown) => {
        if (!AuthError.is(error)) throw error;
        const isSignedIn = error.code === 'sign_in_expired' && (await client.ready()).status === 'signedIn';
        if (isSignedIn) goOn.current('/');
        else setFinishError(error);
      },
    );
  }, [client, redirect]);

  const retry = useCallback(() => void signIn(), [signIn]);
  const error = startError ?? finishError;
  return error ? children({ error, retry }) : pending;
}

function failedView({ error, retry }: FailedSignIn): ReactNode {
  return (
    <div role="alert">
      <p><strong>You are not signed in</strong></p>
      <p>{sentenceOf(error)}</p>
      <button type="button" onClick={retry}>Sign in again</button>
    </div>
  );
}

/** Tells a user what happened. The message of the error is for the developer. */
function sentenceOf({ code, apiCode, transient }: AuthError): string {
  if (apiCode === 'access_denied') return 'The sign-in was cancelled.';
  if (code === 'sign_in_expired') return 'This sign-in is over, or was begun in another browser.';
  if (transient) return 'The sign-in service does not answer just now.';
  return 'The sign-in did not work.';
}
