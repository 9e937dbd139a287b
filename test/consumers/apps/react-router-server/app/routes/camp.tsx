import { Outlet } from 'react-router';
import { useAuth } from 'unexpired';
import { load } from '../load.server';
import type { Route } from './+types/camp';

export const loader = ({ request }: Route.LoaderArgs) => load<{ attributes: { display_name: string } }>(request, '/users/me');

export default function Camp({ loaderData }: Route.ComponentProps) {
  const { signOut } = useAuth();
  return (
    <main>
      <h1>{loaderData.attributes.display_name}</h1>
      <button onClick={() => void signOut()}>Sign out</button>
      <Outlet />
    </main>
  );
}
