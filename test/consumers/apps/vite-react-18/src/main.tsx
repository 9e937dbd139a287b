import { StrictMode, useCallback, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { AuthProvider, SignedIn, SignedOut, useAuth, useAuthedFetch } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import { auth, protocol } from './auth';

function Posts() {
  const authedFetch = useAuthedFetch();
  const { signOut } = useAuth();
  const [count, setCount] = useState<number | null>(null);

  const load = useCallback(async () => {
    setCount(null);
    const response = await authedFetch('/posts');
    const { data } = (await response.json()) as { data: unknown[] };
    setCount(data.length);
  }, [authedFetch]);

  useEffect(() => void load(), [load]);

  return (
    <main>
      <output>{count === null ? 'Loading' : `${count} posts`}</output>
      <button onClick={() => void load()}>Reload posts</button>
      <button onClick={() => void signOut()}>Sign out</button>
    </main>
  );
}

function Welcome() {
  const { signIn } = useAuth();
  return <button onClick={() => void signIn(createBotTokens(protocol, ['ember']))}>Sign in</button>;
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AuthProvider client={auth}>
      <SignedIn><Posts /></SignedIn>
      <SignedOut><Welcome /></SignedOut>
    </AuthProvider>
  </StrictMode>,
);
