import { AuthError } from '../core/model/auth-error.ts';
import { nameOf } from '../core/model/foreign-error.ts';
import type { AuthStorage } from '../core/storage/storage.ts';
import { decodeFlows, withFlow, type Flow } from './flow.ts';

/** Keeps the flows of a browser. */
export interface FlowStore {
  readonly add: (state: string, flow: Flow, now: number) => Promise<void>;
  /** Removes a flow and returns it; `null` if there is none. Of several callers, in any tab, one gets it. */
  readonly claim: (state: string, now: number) => Promise<Flow | null>;
}

/**
 * Creates the store of flows.
 *
 * @throws AuthError `storage_unavailable` from both functions
 */
export function createFlowStore(storage: AuthStorage, key: string): FlowStore {
  async function update(change: (stored: unknown) => unknown): Promise<void> {
    try {
      await storage.update(key, change);
    } catch (error) {
      throw new AuthError('storage_unavailable', `${storage.name} cannot keep a sign-in (${nameOf(error)}). Allow this site to store data, and sign in again.`);
    }
  }

  return {
    add: (state, flow, now) => update((stored) => JSON.stringify(withFlow(decodeFlows(stored, now), state, flow))),
    async claim(state, now) {
      let claimed: Flow | null = null;
      await update((stored) => {
        const { [state]: flow = null, ...others } = decodeFlows(stored, now);
        claimed = flow; // A storage may run this twice; only the last run counts.
        return flow ? JSON.stringify(others) : stored;
      });
      return claimed;
    },
  };
}
