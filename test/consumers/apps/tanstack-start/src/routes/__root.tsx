import { createRootRoute, HeadContent, Outlet, Scripts, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { AuthProvider, useAccessToken } from 'unexpired';
import type { SessionSnapshot } from 'unexpired/server';
import { auth } from '../auth';
import { getSnapshot } from '../session-functions';

export const Route = createRootRoute({
  head: () => ({ meta: [{ charSet: 'utf-8' }, { title: 'Consumer' }], links: [{ rel: 'icon', href: 'data:,' }] }),
  loader: () => getSnapshot(),
  component: Root,
});

/** Keeps the client of the page and the loaders at the same session. */
function useOneSession({ session }: SessionSnapshot): void {
  const shown = useAccessToken().extra?.['session'] ?? null;
  const { invalidate, navigate } = useRouter();
  useEffect(() => {
    if (shown === session) return;
    if (shown === null) void navigate({ to: '/sign-in' }); // The page signs out before the server does, so the loaders may still see the session.
    else void invalidate(); // The user has signed in, in this tab or in another one.
  }, [shown]);
}

function App({ loaded }: { loaded: SessionSnapshot }) {
  useOneSession(loaded);
  return <Outlet />;
}

function Root() {
  const loaded = Route.useLoaderData();
  return (
    <html lang="en">
      <head><HeadContent /></head>
      <body>
        <AuthProvider client={auth} initialSession={loaded}><App loaded={loaded} /></AuthProvider>
        <Scripts />
      </body>
    </html>
  );
}
