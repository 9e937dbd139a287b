import { Suspense } from 'react';
import { SignedIn, SignedOut, useSuspenseAccessToken } from 'unexpired';

function Player() {
  const { accessToken } = useSuspenseAccessToken(); // a string, never null
  return <p>A token of {accessToken.length} characters is at hand.</p>;
}

export function Greeting() {
  return (
    <>
      <SignedIn>
        <Suspense fallback={<p>One moment…</p>}>
          <Player />
        </Suspense>
      </SignedIn>
      <SignedOut>
        <p>Please sign in.</p>
      </SignedOut>
    </>
  );
}
