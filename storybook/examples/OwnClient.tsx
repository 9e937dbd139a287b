import { AuthProvider, memory, SignedOut } from 'unexpired';
import type { BonfireProtocol } from 'unexpired/bonfire';

// The provider creates the client, and disposes of it when it unmounts.
export const OwnClient = ({ protocol }: { readonly protocol: BonfireProtocol }) => (
  <AuthProvider config={{ protocol, storage: memory(), storageKey: 'own-client' }}>
    <SignedOut>
      <p>This provider has a client of its own. Not signed in.</p>
    </SignedOut>
  </AuthProvider>
);
