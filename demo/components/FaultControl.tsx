import { useId, useState } from 'react';
import type { ControlApi } from '../control-api.ts';
import type { FaultEndpoint, FaultKind, PlannedFault } from '../server/planned-fault.ts';
import { useControl } from '../use-control.ts';

const KINDS: Readonly<Record<FaultKind, string>> = {
  unavailable: 'be answered 503',
  rateLimited: 'be answered 429, “retry after 5 s”',
  hang: 'get no answer',
  drop: 'lose the connection',
  portal: 'get a hotel’s login page',
};

const ENDPOINTS: Readonly<Record<FaultEndpoint, string>> = { refresh: 'refreshes', myPosts: 'new posts' };

const TIMES = [1, 3, 10];

/** Lets the next requests of one kind go wrong. */
export function FaultControl({ api, faults }: { readonly api: ControlApi; readonly faults: readonly PlannedFault[] }) {
  const [fault, setFault] = useState({ times: 3, endpoint: 'refresh' as FaultEndpoint, kind: 'unavailable' as FaultKind });
  const plan = useControl(api.planFault);
  const clear = useControl(api.clearFaults);
  return (
    <fieldset className="control faults">
      <legend>Make something fail</legend>
      <Select label="How many" options={TIMES.map((times) => [String(times), `the next ${times}`])} value={String(fault.times)} onChoose={(times) => setFault({ ...fault, times: Number(times) })} />
      <Select label="Of what" options={Object.entries(ENDPOINTS)} value={fault.endpoint} onChoose={(endpoint) => setFault({ ...fault, endpoint: endpoint as FaultEndpoint })} />
      <Select label="How" options={Object.entries(KINDS)} value={fault.kind} onChoose={(kind) => setFault({ ...fault, kind: kind as FaultKind })} />
      <div className="row">
        <button type="button" className="button" disabled={plan.isPending} onClick={() => plan.mutate(fault)}>
          Let them fail
        </button>
        <button type="button" className="button" disabled={clear.isPending || faults.length === 0} onClick={() => clear.mutate(undefined)}>
          All well again
        </button>
      </div>
      <p className="muted" role="status">
        {faults.map(({ kind, endpoint, left }) => `${left} more ${ENDPOINTS[endpoint]} will ${KINDS[kind]}.`).join(' ')}
      </p>
    </fieldset>
  );
}

interface SelectProps {
  readonly label: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

function Select({ label, options, value, onChoose }: SelectProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
