import { useId, useState } from 'react';
import { useAuth } from 'unexpired';
import type { ControlApi } from '../control-api.ts';
import { botIdOf } from '../token-claims.ts';
import { useControl } from '../use-control.ts';
import { Button } from './Button.tsx';
import { Select } from './Select.tsx';

const REASONS = [
  [451, '451 Refresh token invalid'],
  [460, '460 Login required'],
  [800, '800 Password reset required'],
  [810, '810 Suspended'],
] as const;

interface EndingControlProps {
  readonly api: ControlApi;
  readonly signedIn: boolean;
}

/** Ends the session at the API, then makes a call, so that the client gets the answer of the API. */
export function EndingControl({ api, signedIn }: EndingControlProps) {
  const { client } = useAuth();
  const [code, setCode] = useState<number>(451);
  const why = useId();
  const end = useControl(async () => {
    await api.endSession(botIdOf(client.getSnapshot()), code);
    await client.fetch('/users/me').catch(() => undefined);
  });
  return (
    <fieldset className="control">
      <legend>Session end</legend>
      <Select label="Reason" options={REASONS} value={code} onChoose={setCode} />
      <Button busy={end.isPending} whyNot={signedIn ? undefined : why} onClick={() => end.mutate(undefined)}>
        End session
      </Button>
      <p id={why} className="muted" hidden={signedIn}>
        Sign in first. There is no session to end.
      </p>
    </fieldset>
  );
}
