import { useMemo, useSyncExternalStore } from 'react';
import { invalidSetting } from '../core/model/auth-error.ts';
import { MAX_DELAY_MS } from '../core/model/refresh-policy.ts';
import { useAuthClient } from './auth-context.ts';
import { createSessionEndStore, type EndingSession } from './session-end-store.ts';

/** The options of `useSessionEnd`. */
export interface SessionEndOptions {
  /** How long before the end of the session it is shown, ms. Default: `idle.warnMs` of `limitSession`, else 60 s. */
  readonly warnMs?: number | undefined;
}

/**
 * Returns the end of the session when it is near: its cause, the seconds left, `stay` and `signOut`. Before that, it returns `null`.
 *
 * A component renders once a second while the end is near, and not at all before. Put the hook into a small component, because that one renders.
 *
 * The end is that of `limitSession`. Without it, the end that the API states counts.
 *
 * @param options `warnMs`: how long before the end
 * @returns the session that is about to end, or `null`
 * @throws AuthError `invalid_config` outside an `AuthProvider`, or with the field `warnMs`
 * @see WCAG 2.2, success criterion 2.2.1 (timing adjustable)
 * @example
 * ```tsx
 * import { useSessionEnd } from 'unexpired';
 * function Countdown() {
 *   const end = useSessionEnd({ warnMs: 60_000 });
 *   if (!end) return null;
 *   return <button onClick={() => void end.stay()}>Stay signed in ({end.secondsLeft} s)</button>;
 * }
 * ```
 */
export function useSessionEnd({ warnMs }: SessionEndOptions = {}): EndingSession | null {
  const client = useAuthClient();
  if (warnMs !== undefined && !(warnMs > 0 && warnMs <= MAX_DELAY_MS)) throw invalidSetting('warnMs', warnMs, 'duration');
  const store = useMemo(() => createSessionEndStore(client, warnMs), [client, warnMs]);
  return useSyncExternalStore(store.subscribe, store.getSnapshot, () => null);
}
