import { useSyncExternalStore } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { LOADING_SNAPSHOT, type AuthSnapshot } from '../../core/model/snapshot.ts';

/** Returns the client's snapshot, and renders at each change of it. */
export function useClientSnapshot(client: AuthClient): AuthSnapshot {
  return useSyncExternalStore(client.subscribe, client.getSnapshot, () => LOADING_SNAPSHOT);
}
