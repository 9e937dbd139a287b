import { redirect, type LoaderFunctionArgs } from 'react-router';
import { auth } from './auth';

/** For the loader of a page that needs a user. */
export async function requireUser({ request }: LoaderFunctionArgs): Promise<void> {
  const { status } = await auth.ready();
  if (status === 'signedIn') return;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?to=${encodeURIComponent(pathname + search)}`);
}

/** For the loader of the sign-in page: sends a signed-in user to the page in `to`. */
export async function requireNoUser({ request }: LoaderFunctionArgs): Promise<null> {
  const { status } = await auth.ready();
  if (status !== 'signedIn') return null;
  const to = new URL(new URL(request.url).searchParams.get('to') ?? '/', location.origin);
  throw redirect(to.origin === location.origin ? to.pathname + to.search : '/'); // Never to another site.
}
