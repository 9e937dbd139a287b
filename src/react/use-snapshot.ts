import { useSyncExternalStore } from 'react';
import { LOADING_SNAPSHOT, type AuthSnapshot } from '../core/model/snapshot.ts';
import { useAuthClient } from './auth-context.ts';

/** Returns one value of the snapshot. The component re-renders only if that value changes. */
export function useSnapshot<T>(select: (snapshot: AuthSnapshot) => T): T {
  const client = useAuthClient();
  return useSyncExternalStore(
    client.subscribe,
    () => select(client.getSnapshot()),
    () => select(LOADING_SNAPSHOT),
  );
}
