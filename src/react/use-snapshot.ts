import { useSyncExternalStore } from 'react';
import type { AuthSnapshot } from '../core/model/snapshot.ts';
import { shownSnapshot, useProvided } from './auth-context.ts';

/** Returns one value of the snapshot. The component re-renders only if that value changes. */
export function useSnapshot<T>(select: (snapshot: AuthSnapshot) => T): T {
  const provided = useProvided();
  return useSyncExternalStore(
    provided.client.subscribe,
    () => select(shownSnapshot(provided)),
    () => select(provided.initial),
  );
}
