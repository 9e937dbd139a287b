import { useId, useState } from 'react';
import type { ControlApi } from '../control-api.ts';
import { auth } from '../auth.ts';
import { botIdOf } from '../session-key.ts';
import { useControl } from '../use-control.ts';
import { Button } from './Button.tsx';

const REASONS = [
  { code: 451, label: 'refresh token invalid (451)' },
  { code: 460, label: 'must log in again (460)' },
  { code: 800, label: 'password must be reset (800)' },
  { code: 810, label: 'profile suspended (810)' },
];

interface EndingControlProps {
  readonly api: ControlApi;
  /** The id of the words that say why there is nothing to end. */
  readonly whyNot: string | undefined;
  readonly onDone: (text: string) => void;
}

/** Ends the session at the API, for one of the reasons that it knows. */
export function EndingControl({ api, whyNot, onDone }: EndingControlProps) {
  const id = useId();
  const [code, setCode] = useState(451);
  const end = useControl(async () => {
    await api.endSession(botIdOf(auth.getSnapshot()), code);
    onDone('Ended at the API. The next call finds out: post something, or reload the feed.');
  });
  return (
    <fieldset className="control">
      <legend>End the session</legend>
      <div className="field">
        <label htmlFor={id}>Because</label>
        <select id={id} value={code} onChange={(event) => setCode(Number(event.target.value))}>
          {REASONS.map((reason) => (
            <option key={reason.code} value={reason.code}>
              {reason.label}
            </option>
          ))}
        </select>
      </div>
      <Button busy={end.isPending} whyNot={whyNot} onClick={() => end.mutate(undefined)}>
        End the session
      </Button>
    </fieldset>
  );
}
