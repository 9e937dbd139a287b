import { setTimeout as pause } from 'node:timers/promises';
import type { ControlState } from '../../../demo/server/control.ts';
import { patience } from '../../support/pace.ts';

const DEADLINE_MS = patience(30_000);
const POLL_MS = 25;

/** Controls the demo's API from a test. */
export interface Control {
  readonly state: () => Promise<ControlState>;
  /** Waits until the API's state is as wanted. Fails with `what` if that takes too long, beyond the time that has to pass before. */
  readonly until: (what: string, wanted: (state: ControlState) => boolean, plannedMs?: number) => Promise<ControlState>;
  readonly configure: (settings: Partial<ControlState['settings']>) => Promise<void>;
  readonly revoke: () => Promise<void>;
  readonly end: (botId: string, code: number) => Promise<void>;
  readonly fail: (fault: { endpoint: string; kind: string; times: number }) => Promise<void>;
  readonly clearFaults: () => Promise<void>;
}

/** Creates the controls of the API at an address such as `http://127.0.0.1:5174/v1`. */
export function createControl(apiUrl: string): Control {
  const base = new URL('control', apiUrl).href;

  async function post(path: string, fields: object): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${base}/${path}`, { method: 'POST', headers, body: JSON.stringify(fields) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  }

  async function state(): Promise<ControlState> {
    const response = await fetch(`${base}/state?calls=all`);
    return (await response.json()) as ControlState;
  }

  async function until(what: string, wanted: (state: ControlState) => boolean, plannedMs = 0): Promise<ControlState> {
    const deadlineMs = plannedMs + DEADLINE_MS;
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const now = await state();
      if (wanted(now)) return now;
      if (performance.now() > deadline) throw new Error(`Waited ${deadlineMs} ms for ${what}. Counts: ${JSON.stringify(now.counts)}`);
      await pause(POLL_MS);
    }
  }

  return {
    state,
    until,
    configure: (settings) => post('settings', settings),
    revoke: () => post('revoke', {}),
    end: (botId, code) => post('end', { botId, code }),
    fail: (fault) => post('faults', fault),
    clearFaults: () => post('faults/clear', {}),
  };
}
