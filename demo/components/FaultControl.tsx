import { useId, useState } from 'react';
import { useAuth } from 'unexpired';
import type { ControlApi } from '../control-api.ts';
import type { FaultEndpoint, FaultKind, PlannedFault } from '../server/planned-fault.ts';
import { useControl } from '../use-control.ts';
import { countWords } from '../words.ts';
import { Button } from './Button.tsx';
import { Select } from './Select.tsx';

const KINDS: readonly (readonly [FaultKind, string])[] = [
  ['unavailable', '503 Service Unavailable'],
  ['rateLimited', '429, Retry-After: 5'],
  ['hang', 'No response'],
  ['drop', 'Connection lost'],
  ['portal', 'Captive portal page'],
];

const ENDPOINTS: readonly (readonly [FaultEndpoint, string])[] = [
  ['refresh', 'Refresh'],
  ['myPosts', 'New post'],
];

const TIMES = [1, 3, 10].map((times) => [times, `Next ${times}`] as const);

interface FaultControlProps {
  readonly api: ControlApi;
  readonly faults: readonly PlannedFault[];
  readonly signedIn: boolean;
}

/** Makes the next requests to one endpoint fail. */
export function FaultControl({ api, faults, signedIn }: FaultControlProps) {
  const [fault, setFault] = useState({ times: 3, endpoint: 'refresh' as FaultEndpoint, kind: 'unavailable' as FaultKind });
  const plan = useControl(api.planFault);
  const clear = useControl(api.clearFaults);
  const planned = useId();
  return (
    <fieldset className="control">
      <legend>Faults</legend>
      <div className="pair">
        <Select label="Endpoint" options={ENDPOINTS} value={fault.endpoint} onChoose={(endpoint) => setFault({ ...fault, endpoint })} />
        <Select label="Requests" options={TIMES} value={fault.times} onChoose={(times) => setFault({ ...fault, times })} />
      </div>
      <Select label="Fault" options={KINDS} value={fault.kind} onChoose={(kind) => setFault({ ...fault, kind })} />
      <div className="pair">
        <Button busy={plan.isPending} onClick={() => plan.mutate(fault)}>
          Apply
        </Button>
        <Button busy={clear.isPending} whyNot={faults.length === 0 ? planned : undefined} onClick={() => clear.mutate(undefined)}>
          Clear
        </Button>
      </div>
      <p id={planned} className="muted" role="status">
        {faults.length === 0 ? 'No faults applied.' : faults.map(faultWords).join(' ')}
      </p>
      {signedIn && faults.some(({ endpoint }) => endpoint === 'refresh') ? <RefreshButton /> : null}
    </fieldset>
  );
}

function faultWords({ kind, endpoint, left }: PlannedFault): string {
  const requests = endpoint === 'refresh' ? countWords(left, 'refresh', 'refreshes') : countWords(left, 'new post', 'new posts');
  const how = KINDS.find(([key]) => key === kind)?.[1] ?? kind;
  return `Next ${requests}: ${how}.`;
}

/** Refreshes at once, instead of at the scheduled time. */
function RefreshButton() {
  const { client } = useAuth();
  const refresh = useControl(() => client.refresh().then(() => undefined, () => undefined));
  return (
    <Button busy={refresh.isPending} onClick={() => refresh.mutate(undefined)}>
      Refresh now
    </Button>
  );
}
