import { useSyncExternalStore } from 'react';
import type { AuthSnapshot } from 'unexpired';
import { activity, auth } from './auth.ts';
import type { ActivityState } from './activity.ts';

/** The whole snapshot: for the strip, which shows every part of it. */
export function useSnapshot(): AuthSnapshot {
  return useSyncExternalStore(auth.subscribe, auth.getSnapshot);
}

/** Changes only with the user. */
export function useSessionKey(): string | null {
  return useSyncExternalStore(auth.subscribe, () => auth.getSnapshot().sessionId);
}

/** What this tab has done. */
export function useActivity(): ActivityState {
  return useSyncExternalStore(activity.subscribe, activity.get);
}
