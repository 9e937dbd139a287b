import { redirect } from 'react-router';
import { errorResponse } from 'unexpired/server';
import { sessions } from './sessions.server';

/**
 * Calls the API for a loader or an action of a page that needs a user.
 *
 * @param user whom the page of an action shows; another user may have signed in since, in another tab
 */
export async function load<T>(request: Request, path: string, init?: RequestInit, user?: string): Promise<T> {
  const session = await sessions.of(request).catch(refuse);
  const { status, subject } = session.snapshot();
  if (status === 'signedOut') throw redirect('/sign-in');
  if (user !== undefined && user !== subject) throw redirect('/');
  const response = await session.fetch(path, init).catch(refuse);
  if (!response.ok) throw new Response(null, { status: 502 });
  return ((await response.json()) as { data: T }).data;
}

/** Redirects to the sign-in if the session has ended. Otherwise there is no token just now, and the answer is 503. */
function refuse(error: unknown): never {
  const answer = errorResponse(error);
  throw answer.status === 401 ? redirect('/sign-in') : answer;
}
