// A server component. It renders the package's client components, but does not run their code.
import { SignedIn, SignedOut } from 'unexpired';
import { Posts } from './posts';
import { SignIn } from './sign-in';

export default function Page() {
  return (
    <main>
      <h1>Rendered on the server</h1>
      <SignedIn><Posts /></SignedIn>
      <SignedOut><SignIn /></SignedOut>
    </main>
  );
}
