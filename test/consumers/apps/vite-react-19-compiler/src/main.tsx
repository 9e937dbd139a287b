import { QueryClient } from '@tanstack/react-query';
import { Component, StrictMode, Suspense, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { AuthError, AuthProvider, useAuth, useSuspenseAccessToken } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import { AuthDevtools } from 'unexpired/devtools';
import { AuthQueryProvider, authRetry, authRetryDelay, useAuthedQuery } from 'unexpired/query';
import { auth, protocol } from './auth';

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: authRetry, retryDelay: authRetryDelay } } });

function Posts() {
  const { accessToken } = useSuspenseAccessToken();
  const { signOut } = useAuth();
  const { data, isFetching, refetch } = useAuthedQuery({
    queryKey: ['posts'],
    queryFn: async ({ authedFetch, signal }) => {
      const response = await authedFetch('/posts', { signal });
      const { data: posts } = (await response.json()) as { data: unknown[] };
      return posts.length;
    },
  });
  return (
    <main>
      <output>{isFetching || accessToken === '' ? 'Loading' : `${data} posts`}</output>
      <button onClick={() => void refetch()}>Reload posts</button>
      <button onClick={() => void signOut()}>Sign out</button>
    </main>
  );
}

class SignInBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (!AuthError.is(error) || error.code !== 'signed_out') throw error;
    const signIn = () => void auth.signIn(createBotTokens(protocol, ['ember'])).then(() => this.setState({ error: null }));
    return <button onClick={signIn}>Sign in</button>;
  }
}

createRoot(document.getElementById('root')!, { onCaughtError: () => undefined }).render(
  <StrictMode>
    <AuthProvider client={auth}>
      <AuthQueryProvider queryClient={queryClient}>
        <SignInBoundary>
          <Suspense fallback="One moment"><Posts /></Suspense>
        </SignInBoundary>
      </AuthQueryProvider>
      <AuthDevtools client={auth} />
    </AuthProvider>
  </StrictMode>,
);
