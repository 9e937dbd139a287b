import type { FleetState } from './instances/fleet.ts';
import { CONTROL_URL } from './environment.ts';

/** Reads the instances of the server. Uses the plain `fetch`, because these routes are not the API's. */
export async function readFleet(signal?: AbortSignal): Promise<FleetState> {
  const response = await fetch(`${CONTROL_URL}/instances`, { signal: signal ?? null });
  if (!response.ok) throw new Error(`The demo answered HTTP ${response.status}.`);
  return (await response.json()) as FleetState;
}

/** Kills the process of an instance. It starts again by itself. */
export async function stopInstance(number: number): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${CONTROL_URL}/instances/stop`, { method: 'POST', headers, body: JSON.stringify({ number }) });
  if (!response.ok) throw new Error(`The demo answered HTTP ${response.status}.`);
}
