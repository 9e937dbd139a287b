import { useState, useSyncExternalStore } from 'react';
import { useAuth } from 'unexpired';
import { activity } from '../auth.ts';
import type { ActivityState } from '../activity.ts';
import { createCallProgress } from '../call-progress.ts';
import { controlApi } from '../control-api.ts';
import { PLACE } from '../environment.ts';
import { countWords } from '../words.ts';
import type { BreakAction } from './break-action.ts';
import { Button } from './Button.tsx';
import { CallGrid } from './CallGrid.tsx';

const CALLS = 200;

/** Makes many calls at once, draws how far each is, and says how many refreshes they needed. */
export function BurstControl({ revoke, run, busy, whyNot }: BreakAction) {
  const { client } = useAuth();
  const [progress] = useState(() => createCallProgress(client));
  const stages = useSyncExternalStore(progress.subscribe, progress.get);
  const [result, setResult] = useState('');

  async function burst() {
    setResult('');
    const refreshes = await startCount();
    // Each call has its own address, because browsers send calls to one address one after the other.
    const { answered, replayed } = await progress.follow(() => Array.from({ length: CALLS }, (_, index) => client.fetch(`/users/me?call=${index}`)));
    setResult(`${answered} of ${CALLS} calls answered, ${await refreshes()}${PLACE === 'server' ? ' on the server' : `, ${countWords(replayed, 'replay', 'replays')}`}.`);
  }

  return (
    <div className="control">
      <div className="pair pair--uneven">
        <Button busy={busy} whyNot={whyNot} onClick={() => run(() => revoke().then(burst))}>
          Revoke, {CALLS} calls
        </Button>
        <Button busy={busy} whyNot={whyNot} onClick={() => run(burst)}>
          {CALLS} calls
        </Button>
      </div>
      {stages.length > 0 ? <CallGrid stages={stages} /> : null}
      <p role="status">{result}</p>
    </div>
  );
}

/** Starts to count refreshes: those of this tab, or those that the API gets from the server. */
async function startCount(): Promise<() => Promise<string>> {
  if (PLACE !== 'server' || controlApi === null) {
    const before = activity.get();
    return async () => refreshWords(before, activity.get());
  }
  const read = async () => (await controlApi?.readState(new AbortController().signal))?.counts.refreshes ?? 0;
  const before = await read();
  return async () => countWords((await read()) - before, 'refresh', 'refreshes');
}

function refreshWords(before: ActivityState, after: ActivityState): string {
  const failed = after.failedRefreshes - before.failedRefreshes;
  return `${countWords(after.refreshes - before.refreshes, 'refresh', 'refreshes')}${failed === 0 ? '' : ` (${failed} failed before)`}`;
}
