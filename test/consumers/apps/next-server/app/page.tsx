// A server component. It renders the package's client components, and reads the API itself.
import { SignedIn, SignedOut } from 'unexpired';
import { currentSession } from '../sessions';
import { Board } from './board';
import { Posts } from './posts';
import { ForSession } from './session';
import { SignIn } from './sign-in';

export default async function Page() {
  const { session } = (await currentSession()).snapshot();
  return (
    <main>
      <h1>Rendered on the server</h1>
      {session && <ForSession session={session}><Board session={session} /></ForSession>}
      <SignedIn><Posts /></SignedIn>
      <SignedOut><SignIn /></SignedOut>
    </main>
  );
}
