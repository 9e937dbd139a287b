import { redirect } from '@tanstack/react-router';
import { auth } from './auth';

/** For `beforeLoad` of a route that needs a user. */
export async function requireUser({ location }: { location: { href: string } }): Promise<void> {
  const { status } = await auth.ready();
  if (status !== 'signedIn') throw redirect({ to: '/sign-in', search: { to: location.href } });
}

/** For `beforeLoad` of the sign-in page: sends a signed-in user to the page in `to`. */
export async function requireNoUser({ search }: { search: { to?: string } }): Promise<void> {
  const { status } = await auth.ready();
  if (status !== 'signedIn') return;
  const to = new URL(search.to ?? '/', location.origin);
  throw redirect({ href: to.origin === location.origin ? to.pathname + to.search : '/' }); // Never to another site.
}
