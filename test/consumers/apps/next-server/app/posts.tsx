'use client';

import { useCallback, useEffect, useState } from 'react';
import { useAuth, useAuthedFetch } from 'unexpired';

export function Posts() {
  const authedFetch = useAuthedFetch();
  const { signOut } = useAuth();
  const [count, setCount] = useState<number | null>(null);

  const load = useCallback(async () => {
    const response = await authedFetch('/posts');
    setCount(((await response.json()) as { data: unknown[] }).data.length);
  }, [authedFetch]);

  useEffect(() => void load(), [load]);

  return (
    <>
      <output>{count === null ? 'Loading' : `${count} posts`}</output>
      <button onClick={() => void load()}>Reload posts</button>
      <button onClick={() => void signOut()}>Sign out</button>
    </>
  );
}
