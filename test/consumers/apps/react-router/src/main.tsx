import { QueryClient } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, redirect, RouterProvider, useLoaderData, useNavigate, useRevalidator } from 'react-router';
import { AuthError, AuthProvider, useAuth } from 'unexpired';
import { authedQueryOptions, AuthQueryProvider } from 'unexpired/query';
import { auth, protocol } from './auth';

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });

const posts = authedQueryOptions(auth, {
  queryKey: ['posts'],
  queryFn: async ({ authedFetch, signal }): Promise<number> => {
    const response = await authedFetch('/posts', { signal });
    return ((await response.json()) as { data: unknown[] }).data.length;
  },
});

async function loadPosts() {
  try {
    return await queryClient.fetchQuery(posts);
  } catch (error) {
    if (AuthError.is(error) && error.code === 'signed_out') return redirect('/sign-in');
    throw error;
  }
}

function Posts() {
  const count = useLoaderData<typeof loadPosts>();
  const { revalidate, state } = useRevalidator();
  const navigate = useNavigate();
  const { signOut } = useAuth();
  return (
    <main>
      <output>{state === 'loading' ? 'Loading' : `${count} posts`}</output>
      <button onClick={() => void revalidate()}>Reload posts</button>
      <button onClick={() => void signOut().then(() => navigate('/sign-in'))}>Sign out</button>
    </main>
  );
}

function SignIn() {
  const navigate = useNavigate();
  const { signIn } = useAuth();
  return <button onClick={() => void signIn(protocol.createBotTokens(['ember'])).then(() => navigate('/'))}>Sign in</button>;
}

const router = createBrowserRouter([
  { path: '/', loader: loadPosts, Component: Posts, HydrateFallback: () => 'One moment' },
  { path: '/sign-in', Component: SignIn },
]);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AuthProvider client={auth}>
      <AuthQueryProvider client={auth} queryClient={queryClient}>
        <RouterProvider router={router} />
      </AuthQueryProvider>
    </AuthProvider>
  </StrictMode>,
);
