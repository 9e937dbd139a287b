import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { useAuth, useAuthedFetch } from 'unexpired';
import { getPosts } from '../session-functions';

export const Route = createFileRoute('/')({ loader: () => getPosts(), component: Posts });

function Posts() {
  const { name, count } = Route.useLoaderData();
  const { signOut } = useAuth();
  const authedFetch = useAuthedFetch();
  const [reloaded, setReloaded] = useState<number>();
  const reload = async () => {
    const response = await authedFetch('/posts');
    setReloaded(((await response.json()) as { data: unknown[] }).data.length);
  };
  return (
    <main>
      <h1>{name}</h1>
      <output>{`${reloaded ?? count} posts`}</output>
      <button onClick={() => void reload()}>Reload posts</button>
      <button onClick={() => void signOut()}>Sign out</button>
    </main>
  );
}
