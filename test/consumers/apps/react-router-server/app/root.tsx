import { useEffect, type ReactNode } from 'react';
import { Links, Meta, Outlet, Scripts, useNavigate, useRevalidator } from 'react-router';
import { AuthProvider, restoreSession, useAccessToken, useAuth } from 'unexpired';
import type { SessionSnapshot } from 'unexpired/server';
import type { Route } from './+types/root';
import { auth } from './auth';
import { sessions } from './sessions.server';

export const loader = async ({ request }: Route.LoaderArgs) => (await sessions.of(request)).snapshot();

export function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head><meta charSet="utf-8" /><link rel="icon" href="data:," /><title>Consumer</title><Meta /><Links /></head>
      <body>{children}<Scripts /></body>
    </html>
  );
}

/** Keeps the client of the page and the loaders at the same session. */
function useOneSession({ session }: SessionSnapshot): void {
  const { client } = useAuth();
  const shown = useAccessToken().extra?.['session'] ?? null;
  const { revalidate } = useRevalidator();
  const navigate = useNavigate();
  useEffect(() => {
    if (shown === session) return;
    if (shown === null) void navigate('/sign-in'); // The page signs out before the server does, so the loaders may still see the session.
    else void revalidate(); // The user has signed in in another tab.
  }, [shown]);
  useEffect(() => {
    if (session !== null && session !== shown) void restoreSession(client); // An action has signed in.
  }, [session]);
}

function App({ loaded }: { loaded: SessionSnapshot }) {
  useOneSession(loaded);
  return <Outlet />;
}

export default function Root({ loaderData }: Route.ComponentProps) {
  return <AuthProvider client={auth} initialSession={loaderData}><App loaded={loaderData} /></AuthProvider>;
}
