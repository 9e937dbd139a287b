// A server component: it renders the package's components, and never runs them.
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
