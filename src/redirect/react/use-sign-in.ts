import { useCallback, useState } from 'react';
import { AuthError } from '../../core/model/auth-error.ts';
import type { StartOptions } from '../authorization-request.ts';
import type { RedirectSignIn } from '../create-redirect-sign-in.ts';

/** A sign-in that a component can start. */
export interface SignInStart {
  /** Starts the sign-in. It never rejects, so it can be an event handler. */
  readonly signIn: (options?: StartOptions) => Promise<void>;
  /** Whether the sign-in is being prepared. It is false again if the page could not be left, or if the user comes back to it. */
  readonly isStarting: boolean;
  /** Why the last start failed; `null` if it did not. */
  readonly error: AuthError | null;
}

/**
 * Returns a function that starts the sign-in, and what became of it.
 *
 * @param redirect what `createRedirectSignIn` made
 * @example
 * ```tsx
 * import type { RedirectSignIn } from 'unexpired/redirect';
 * import { useSignIn } from 'unexpired/redirect/react';
 * function SignInButton({ redirect }: { redirect: RedirectSignIn }) {
 *   const { signIn, isStarting, error } = useSignIn(redirect);
 *   return <><button disabled={isStarting} onClick={() => void signIn()}>Sign in</button>{error && <p role="alert">Please try again.</p>}</>;
 * }
 * ```
 */
export function useSignIn(redirect: RedirectSignIn): SignInStart {
  const [state, setState] = useState<Omit<SignInStart, 'signIn'>>({ isStarting: false, error: null });
  const signIn = useCallback(async (options?: StartOptions) => {
    setState({ isStarting: true, error: null });
    try {
      await redirect.start(options);
      setState({ isStarting: false, error: null });
    } catch (error) {
      if (!AuthError.is(error)) throw error;
      setState({ isStarting: false, error });
    }
  }, [redirect]);
  return { ...state, signIn };
}
