import { useState } from 'react';
import { Outlet } from 'react-router';
import { useAuthedFetch } from 'unexpired';
import { load } from '../load.server';
import type { Route } from './+types/posts';

export const loader = async ({ request }: Route.LoaderArgs) => (await load<unknown[]>(request, '/posts')).length;

export default function Posts({ loaderData }: Route.ComponentProps) {
  const authedFetch = useAuthedFetch();
  const [reloaded, setReloaded] = useState<number>();
  const reload = async () => {
    const response = await authedFetch('/posts');
    setReloaded(((await response.json()) as { data: unknown[] }).data.length);
  };
  return (
    <>
      <output>{`${reloaded ?? loaderData} posts`}</output>
      <button onClick={() => void reload()}>Reload posts</button>
      <Outlet />
    </>
  );
}
