import { AuthProvider, memory, SignedOut } from 'unexpired';
import type { BonfireProtocol } from 'unexpired/bonfire';

// The provider makes the client, and disposes of it when it is unmounted.
export const OwnClient = ({ protocol }: { readonly protocol: BonfireProtocol }) => (
  <AuthProvider config={{ protocol, storage: memory(), storageKey: 'own-client' }}>
    <SignedOut>
      <p>This provider has a client of its own, and nobody is signed in to it.</p>
    </SignedOut>
  </AuthProvider>
);
