import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect, RouterProvider, useNavigate, useRouter } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AuthError, AuthProvider, useAuth, type AuthClient } from 'unexpired';
import { auth, protocol } from './auth';

const rootRoute = createRootRouteWithContext<{ auth: AuthClient }>()({ component: Outlet });

const postsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    try {
      await context.auth.getAccessToken();
    } catch (error) {
      if (AuthError.is(error) && error.code === 'signed_out') throw redirect({ to: '/sign-in' });
      throw error;
    }
  },
  loader: async ({ context, abortController }) => {
    const response = await context.auth.fetch('/posts', { signal: abortController.signal });
    return ((await response.json()) as { data: unknown[] }).data.length;
  },
  component: Posts,
});

const signInRoute = createRoute({ getParentRoute: () => rootRoute, path: '/sign-in', component: SignIn });

const router = createRouter({ routeTree: rootRoute.addChildren([postsRoute, signInRoute]), context: { auth } });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function Posts() {
  const count = postsRoute.useLoaderData();
  const { invalidate } = useRouter();
  const navigate = useNavigate();
  const { signOut } = useAuth();
  return (
    <main>
      <output>{count} posts</output>
      <button onClick={() => void invalidate()}>Reload posts</button>
      <button onClick={() => void signOut().then(() => navigate({ to: '/sign-in' }))}>Sign out</button>
    </main>
  );
}

function SignIn() {
  const navigate = useNavigate();
  const { signIn } = useAuth();
  return <button onClick={() => void signIn(protocol.createBotTokens(['ember'])).then(() => navigate({ to: '/' }))}>Sign in</button>;
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AuthProvider client={auth}>
      <RouterProvider router={router} />
    </AuthProvider>
  </StrictMode>,
);
