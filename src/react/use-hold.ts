import { useSyncExternalStore } from 'react';
import type { AuthClient } from '../core/auth-client.ts';
import type { Hold, HoldSnapshot } from '../core/hold-calls.ts';
import { holdOf } from '../core/inspector.ts';
import { invalidSetting } from '../core/model/auth-error.ts';
import { useAuthClient } from './auth-context.ts';

const NOTHING: HoldSnapshot = { cause: null, waiting: 0 };

/**
 * Returns the hold of the provider's client, and its snapshot.
 *
 * @throws AuthError `invalid_config` if the client has none
 */
export function useHold(): { readonly client: AuthClient; readonly hold: Hold; readonly held: HoldSnapshot } {
  const client = useAuthClient();
  const hold = holdOf(client);
  if (!hold) throw invalidSetting('client', client, 'client without a hold');
  return { client, hold, held: useSyncExternalStore(hold.subscribe, hold.getSnapshot, () => NOTHING) };
}
