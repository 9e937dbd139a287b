import type { AuthClient } from '../auth-client.ts';
import type { AuthSnapshot } from '../model/snapshot.ts';

/** Resolves as soon as storage has told whether somebody is signed in. */
export function whenKnown(client: Pick<AuthClient, 'getSnapshot' | 'subscribe'>): Promise<AuthSnapshot> {
  return new Promise((resolve) => {
    const release = client.subscribe(tell);
    function tell(): void {
      const snapshot = client.getSnapshot();
      if (snapshot.status === 'loading') return;
      release();
      resolve(snapshot);
    }
    tell();
  });
}
