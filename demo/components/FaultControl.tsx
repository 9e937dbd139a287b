import { useId, useState } from 'react';
import { useAuth } from 'unexpired';
import type { ControlApi } from '../control-api.ts';
import type { FaultEndpoint, FaultKind, PlannedFault } from '../server/planned-fault.ts';
import { useControl } from '../use-control.ts';
import { useSnapshot } from '../use-session.ts';
import { countWords } from '../words.ts';
import { Button } from './Button.tsx';

const KINDS: Readonly<Record<FaultKind, string>> = {
  unavailable: 'be answered 503',
  rateLimited: 'be answered 429, “retry after 5 s”',
  hang: 'get no answer',
  drop: 'lose the connection',
  portal: 'get a hotel’s login page',
};

const ENDPOINTS: Readonly<Record<FaultEndpoint, readonly [one: string, many: string]>> = { refresh: ['refresh', 'refreshes'], myPosts: ['post', 'posts'] };

const TIMES = [1, 3, 10];

interface FaultControlProps {
  readonly api: ControlApi;
  readonly faults: readonly PlannedFault[];
  /** The id of the words that say why nothing can be asked for. */
  readonly whyNot: string | undefined;
}

/** Lets the next requests of one kind go wrong. */
export function FaultControl({ api, faults, whyNot }: FaultControlProps) {
  const [fault, setFault] = useState({ times: 3, endpoint: 'refresh' as FaultEndpoint, kind: 'unavailable' as FaultKind });
  const plan = useControl(api.planFault);
  const clear = useControl(api.clearFaults);
  const planned = useId();
  return (
    <fieldset className="control">
      <legend>Make something fail</legend>
      <div className="pair">
        <Select label="How many" options={TIMES.map((times) => [String(times), `the next ${times}`])} value={String(fault.times)} onChoose={(times) => setFault({ ...fault, times: Number(times) })} />
        <Select label="Of what" options={Object.entries(ENDPOINTS).map(([endpoint, [, many]]) => [endpoint, many])} value={fault.endpoint} onChoose={(endpoint) => setFault({ ...fault, endpoint: endpoint as FaultEndpoint })} />
      </div>
      <Select label="How" options={Object.entries(KINDS)} value={fault.kind} onChoose={(kind) => setFault({ ...fault, kind: kind as FaultKind })} />
      <div className="pair">
        <Button busy={plan.isPending} onClick={() => plan.mutate(fault)}>
          Let them fail
        </Button>
        <Button busy={clear.isPending} whyNot={faults.length === 0 ? planned : undefined} onClick={() => clear.mutate(undefined)}>
          All well again
        </Button>
      </div>
      <p id={planned} className="muted" role="status">
        {faults.length === 0 ? 'Nothing is set to fail.' : faults.map(faultWords).join(' ')}
      </p>
      {faults.some(({ endpoint }) => endpoint === 'refresh') ? <NextRefresh whyNot={whyNot} /> : null}
    </fieldset>
  );
}

function faultWords({ kind, endpoint, left }: PlannedFault): string {
  const [one, many] = ENDPOINTS[endpoint];
  return `${countWords(left, `more ${one}`, `more ${many}`)} will ${KINDS[kind]}.${endpoint === 'myPosts' ? ' Write one to see it.' : ''}`;
}

/** When a refresh meets its fault; who does not want to wait can have it now. */
function NextRefresh({ whyNot }: Pick<FaultControlProps, 'whyNot'>) {
  const { client } = useAuth();
  const { refresh } = useSnapshot();
  const ask = useControl(() => client.refresh().then(() => undefined, () => undefined));
  return (
    <>
      <p className="muted" role="status">
        {refresh.state === 'waiting' ? 'You stay signed in, and the next try comes by itself.' : 'The next one comes by itself, shortly before the token expires.'}
      </p>
      <Button busy={ask.isPending} whyNot={whyNot} onClick={() => ask.mutate(undefined)}>
        Have it now
      </Button>
    </>
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
