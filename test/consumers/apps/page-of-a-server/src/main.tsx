import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { AuthProvider, SignedIn, SignedOut, useAuth, useAuthedFetch } from 'unexpired';
import { auth, signIn } from './auth';

function Posts() {
  const authedFetch = useAuthedFetch();
  const { signOut } = useAuth();
  const [posts, setPosts] = useState<readonly string[]>([]);
  const [count, setCount] = useState(0);

  useEffect(() => {
    void authedFetch('/posts').then(async (response) => setPosts(await response.json()));
  }, [authedFetch, count]);

  return (
    <main>
      {posts.map((post) => <p key={post}>{post}</p>)}
      <output>{count}</output>
      <button onClick={() => setCount(count + 1)}>Reload posts</button>
      <button onClick={() => void signOut()}>Sign out</button>
    </main>
  );
}

/** The sign-in page sends the user back to an address with a code. */
function Welcome() {
  const { code = '', verifier = '' } = Object.fromEntries(new URLSearchParams(location.search));
  return <button onClick={() => void signIn(code, verifier)}>Sign in</button>;
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AuthProvider client={auth}>
      <SignedIn><Posts /></SignedIn>
      <SignedOut><Welcome /></SignedOut>
    </AuthProvider>
  </StrictMode>,
);
