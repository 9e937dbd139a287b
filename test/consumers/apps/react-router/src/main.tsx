import { QueryClient } from '@tanstack/react-query';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider, useLoaderData, useRevalidator, type LoaderFunctionArgs } from 'react-router';
import { AuthProvider, useAuth } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import { authedQueryOptions, AuthQueryProvider } from 'unexpired/query';
import { auth, protocol } from './auth';
import { followSession } from './follow-session';
import { requireNoUser, requireUser } from './guards';

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });

const posts = authedQueryOptions(auth, {
  queryKey: ['posts'],
  queryFn: async ({ authedFetch, signal }): Promise<number> => {
    const response = await authedFetch('/posts', { signal });
    if (!response.ok) throw new Error(`The API answered HTTP ${response.status}.`);
    return ((await response.json()) as { data: unknown[] }).data.length;
  },
});

async function loadPosts(args: LoaderFunctionArgs) {
  await requireUser(args);
  return queryClient.fetchQuery(posts);
}

function Posts() {
  const count = useLoaderData<typeof loadPosts>();
  const { revalidate, state } = useRevalidator();
  const { signOut } = useAuth();
  return (
    <main>
      <output>{state === 'loading' ? 'Loading' : `${count} posts`}</output>
      <button onClick={() => void revalidate()}>Reload posts</button>
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

const router = createBrowserRouter([
  { path: '/', loader: loadPosts, Component: Posts, HydrateFallback: () => 'One moment' },
  { path: '/sign-in', loader: requireNoUser, Component: SignIn, HydrateFallback: () => 'One moment' },
]);
void followSession(router);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AuthProvider client={auth}>
      <AuthQueryProvider queryClient={queryClient}>
        <RouterProvider router={router} />
      </AuthQueryProvider>
    </AuthProvider>
  </StrictMode>,
);
