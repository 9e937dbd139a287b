import { useState } from 'react';
import { useAuth } from 'unexpired';
import type { ControlApi } from '../control-api.ts';
import { stopDuringRefresh, type Crash } from '../crash.ts';
import { problemWords } from '../words.ts';
import type { BreakAction } from './break-action.ts';
import { Button } from './Button.tsx';

interface CrashControlProps extends BreakAction {
  readonly api: ControlApi;
}

/** Stops an instance in the middle of a refresh, and says which one has gone on. */
export function CrashControl({ api, run, busy, whyNot }: CrashControlProps) {
  const { client } = useAuth();
  const [result, setResult] = useState('');

  async function crash() {
    setResult('The API gives the next refresh no response. A call waits for it.');
    const stopped = (number: number) => setResult(`Instance ${number} was stopped in the middle of its refresh. The other one takes over when the lease ends, in 7 s at most.`);
    setResult(await stopDuringRefresh(client, api, stopped).then(crashWords, problemWords));
  }

  return (
    <div className="control">
      <Button busy={busy} whyNot={whyNot} onClick={() => run(crash)}>
        Stop during a refresh
      </Button>
      <p role="status">{result}</p>
    </div>
  );
}

function crashWords({ stopped, heir, status, tookMs }: Crash): string {
  const refreshed = heir === null ? '' : ` Instance ${heir} has refreshed instead.`;
  return `Instance ${stopped} was stopped in the middle of its refresh.${refreshed} The call got ${status} after ${(tookMs / 1000).toFixed(1)} s.${status < 400 ? ' You are still signed in.' : ''}`;
}
