import type { AuthClient } from 'unexpired';
import type { ControlApi } from './control-api.ts';
import { readFleet, stopInstance } from './fleet-api.ts';

/** How a crash in the middle of a refresh went. */
export interface Crash {
  /** The number of the instance that was stopped. */
  readonly stopped: number;
  /** The number of the instance that has refreshed instead; `null` if the session was not refreshed. */
  readonly heir: number | null;
  /** The status of the call that was waiting for the refresh. */
  readonly status: number;
  /** How long the call took, ms. */
  readonly tookMs: number;
}

const POLL_MS = 100;

/** The call starts a refresh at once, so a longer wait means that something else is wrong. */
const MOST_POLLS = 50;

/**
 * Stops an instance in the middle of its refresh: the API gives that refresh no response, and rejects the token of a call before.
 *
 * @param onStop called as soon as the instance is stopped
 * @throws Error when no instance refreshes, or the demo cannot be reached; the errors of the call
 */
export async function stopDuringRefresh(client: AuthClient, api: ControlApi, onStop: (number: number) => void): Promise<Crash> {
  const before = await readFleet();
  await api.planFault({ kind: 'hang', endpoint: 'refresh', times: 1 });
  await api.revoke();
  const startedAt = performance.now();
  const call = client.fetch('/users/me');
  call.catch(() => undefined); // Awaited below.
  const stopped = await refreshingInstance();
  await stopInstance(stopped);
  onStop(stopped);
  const { status } = await call;
  const tookMs = performance.now() - startedAt;
  const refreshesBefore = new Map(before.instances.map(({ number, refreshes }) => [number, refreshes]));
  const { instances } = await readFleet();
  const heir = instances.find(({ number, refreshes }) => refreshes > (refreshesBefore.get(number) ?? 0));
  return { stopped, heir: heir?.number ?? null, status, tookMs };
}

async function refreshingInstance(): Promise<number> {
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    const { instances } = await readFleet();
    const refreshing = instances.find(({ isRefreshing }) => isRefreshing);
    if (refreshing) return refreshing.number;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error('No instance has started a refresh.');
}
