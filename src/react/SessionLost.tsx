import type { ReactNode } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import type { Hold } from '../core/hold-calls.ts';
import type { EndReason } from '../core/model/refresh-outcome.ts';
import { useHold } from './use-hold.ts';

/** A session that has ended, but not by a sign-out, and whose calls are held. */
export interface LostSession extends Pick<AuthClient, 'signIn'>, Pick<Hold, 'discard'> {
  /** Why the session ended. */
  readonly cause: EndReason;
  /** How many calls wait for the same user to sign in. */
  readonly waiting: number;
}

/**
 * Renders while the session is lost and its calls are held, for example a dialog in which the user signs in again.
 *
 * @param props `children` gets the cause, the number of calls that wait, `signIn`, and `discard`, which gives them up
 * @throws AuthError `invalid_config` outside an `AuthProvider`, or if its client has no hold of `holdCalls`
 * @example
 * ```tsx
 * import { SessionLost, type SignInInput } from 'unexpired';
 * declare const byPassword: (fields: FormData) => SignInInput; // such as a grant of `defineGrant`
 * const dialog = (
 *   <SessionLost>
 *     {({ waiting, signIn, discard }) => (
 *       <form action={async (fields) => void (await signIn(byPassword(fields)))}>
 *         <p>Your session has ended. Sign in to send {waiting} requests that wait.</p>
 *         <input name="password" type="password" aria-label="Password" />
 *         <button>Sign in</button>
 *         <button type="button" onClick={discard}>Discard</button>
 *       </form>
 *     )}
 *   </SessionLost>
 * );
 * ```
 */
export function SessionLost({ children }: { readonly children: (lost: LostSession) => ReactNode }): ReactNode {
  const { client, hold, held: { cause, waiting } } = useHold();
  return cause === null ? null : children({ cause, waiting, signIn: client.signIn, discard: hold.discard });
}
