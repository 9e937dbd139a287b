import { useSyncExternalStore } from 'react';
import type { AuthSnapshot } from 'unexpired';
import { activity, auth, sessionLimits } from './auth.ts';
import type { ActivityState } from './activity.ts';
import type { LimitSettings } from './session-limits.ts';

/** Returns the whole snapshot, and renders at each change of it. */
export function useSnapshot(): AuthSnapshot {
  return useSyncExternalStore(auth.subscribe, auth.getSnapshot);
}

/** Returns a key that changes with the session only. */
export function useSessionKey(): string | null {
  return useSyncExternalStore(auth.subscribe, () => auth.getSnapshot().sessionId);
}

/** Returns what this tab has done since it was loaded. */
export function useActivity(): ActivityState {
  return useSyncExternalStore(activity.subscribe, activity.get);
}

/** Returns what happens when the session ends. */
export function useLimitSettings(): LimitSettings {
  return useSyncExternalStore(sessionLimits.subscribe, sessionLimits.get);
}
