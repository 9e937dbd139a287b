import { Suspense } from 'react';
import { SignedIn, SignedOut, useSuspenseAccessToken } from 'unexpired';

function Player() {
  const { accessToken } = useSuspenseAccessToken(); // a string, never null
  return <p>A token of {accessToken.length} characters is ready.</p>;
}

export function Greeting() {
  return (
    <>
      <SignedIn>
        <Suspense fallback={<p>Loading…</p>}>
          <Player />
        </Suspense>
      </SignedIn>
      <SignedOut>
        <p>Please sign in.</p>
      </SignedOut>
    </>
  );
}
