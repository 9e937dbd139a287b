import { AuthError } from 'unexpired';
import type { RedirectSignIn } from 'unexpired/redirect';

/** What becomes of a sign-in by redirect. */
export type RedirectOutcome = 'signed in' | 'cancelled' | 'opened again' | 'server down';

const ERRORS: Readonly<Record<Exclude<RedirectOutcome, 'signed in'>, AuthError>> = {
  cancelled: new AuthError('grant_refused', 'The authorization server did not sign the user in (access_denied).', { apiCode: 'access_denied' }),
  'opened again': new AuthError('sign_in_expired', 'This sign-in is over; start it again.'),
  'server down': new AuthError('grant_unavailable', 'The authorization server did not answer.', { transient: true }),
};

/**
 * Creates a sign-in by redirect that leaves no page, because a story has no authorization server.
 *
 * @param first what becomes of the first sign-in; the next one works
 * @param signIn signs the user of the story in
 */
export function createRedirectAtHand(first: RedirectOutcome, signIn: () => Promise<void>): RedirectSignIn {
  let outcome = first;
  const finish: RedirectSignIn['finish'] = async () => {
    const now = outcome;
    outcome = 'signed in';
    if (now !== 'signed in') throw ERRORS[now];
    await signIn();
    return { returnTo: '/', claims: null };
  };
  return { finish, isCallback: () => true, start: async () => void (await finish()), signOut: async () => undefined, fetchUser: async () => ({}) };
}
