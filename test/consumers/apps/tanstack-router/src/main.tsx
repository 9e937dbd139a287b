import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider, useRouter } from '@tanstack/react-router';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { AuthProvider, useAuth } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import { auth, protocol } from './auth';
import { followSession } from './follow-session';
import { requireNoUser, requireUser } from './guards';

const rootRoute = createRootRoute({ component: Outlet });

const postsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: requireUser,
  loader: async ({ abortController }) => {
    const response = await auth.fetch('/posts', { signal: abortController.signal });
    if (!response.ok) throw new Error(`The API answered HTTP ${response.status}.`);
    return ((await response.json()) as { data: unknown[] }).data.length;
  },
  component: Posts,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: ({ to }): { to?: string } => (typeof to === 'string' ? { to } : {}),
  beforeLoad: requireNoUser,
  component: SignIn,
});

const router = createRouter({ routeTree: rootRoute.addChildren([postsRoute, signInRoute]) });
void followSession(router);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function Posts() {
  const count = postsRoute.useLoaderData();
  const { invalidate } = useRouter();
  const { signOut } = useAuth();
  return (
    <main>
      <output>{count} posts</output>
      <button onClick={() => void invalidate()}>Reload posts</button>
      <button onClick={() => void signOut()}>Sign out</button>
    </main>
  );
}

function SignIn() {
  const { signIn } = useAuth();
  const [problem, setProblem] = useState('');
  const enter = () => signIn(createBotTokens(protocol, ['ember'])).catch((error: Error) => setProblem(error.message));
  return <><button onClick={() => void enter()}>Sign in</button> <p role="alert">{problem}</p></>;
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AuthProvider client={auth}>
      <RouterProvider router={router} />
    </AuthProvider>
  </StrictMode>,
);
