import type { ControlState } from './server/control.ts';
import type { FaultEndpoint, FaultKind } from './server/planned-fault.ts';
import { CONTROL_URL } from './environment.ts';

/** Changes how the embedded API behaves; `null` if the page uses another API. */
export interface ControlApi {
  readonly readState: (signal: AbortSignal) => Promise<ControlState>;
  readonly configure: (settings: Partial<ControlState['settings']>) => Promise<void>;
  readonly revoke: () => Promise<void>;
  readonly endSession: (botId: string | null, code: number) => Promise<void>;
  readonly planFault: (fault: { kind: FaultKind; endpoint: FaultEndpoint; times: number }) => Promise<void>;
  readonly clearFaults: () => Promise<void>;
}

/** Uses the plain `fetch`, because these routes are not the API's and must not receive a token. */
export const controlApi: ControlApi | null =
  CONTROL_URL === ''
    ? null
    : {
        readState: async (signal) => (await fetch(`${CONTROL_URL}/state`, { signal })).json() as Promise<ControlState>,
        configure: (settings) => post('settings', settings),
        revoke: () => post('revoke', {}),
        endSession: (botId, code) => post('end', { botId, code }),
        planFault: (fault) => post('faults', fault),
        clearFaults: () => post('faults/clear', {}),
      };

async function post(path: string, fields: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${CONTROL_URL}/${path}`, { method: 'POST', headers, body: JSON.stringify(fields) });
  if (!response.ok) throw new Error(`The API's controls answered HTTP ${response.status}.`);
}
