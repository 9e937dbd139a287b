import { useAuth } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import type { BonfireProtocol } from 'unexpired/bonfire';

export function Account({ protocol }: { readonly protocol: BonfireProtocol }) {
  const { status, endReason, signIn, signOut } = useAuth();
  if (status === 'loading') return <p>Loading…</p>;
  if (status === 'signedIn') return <button onClick={() => void signOut()}>Sign out</button>;
  return (
    <>
      {endReason === 'suspended' && <p>Your profile is suspended.</p>}
      <button onClick={() => void signIn(createBotTokens(protocol, ['ember']))}>Sign in</button>
    </>
  );
}
