import { useState, useSyncExternalStore } from 'react';
import { useAuth } from 'unexpired';
import { activity } from '../auth.ts';
import { createCallFates } from '../call-fates.ts';
import { FateGrid } from './FateGrid.tsx';

const CALLS = 200;

interface BurstControlProps {
  readonly disabled: boolean;
  readonly revoke: () => Promise<void>;
}

/** Makes many calls at once, draws them as they go, and says what they cost. */
export function BurstControl({ disabled, revoke }: BurstControlProps) {
  const { client } = useAuth();
  const [fates] = useState(() => createCallFates(client));
  const drawn = useSyncExternalStore(fates.subscribe, fates.get);
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState('');

  async function burst() {
    setBusy(true);
    const before = activity.get();
    // Each its own address: browsers send calls of one address one after the other.
    const answered = await fates.follow(() => Array.from({ length: CALLS }, (_, index) => client.fetch(`/users/me?call=${index}`)));
    const after = activity.get();
    const refreshes = after.refreshRequests - before.refreshRequests;
    const replays = after.replays - before.replays;
    setResult(`${answered} of ${CALLS} answered, with ${refreshes} ${refreshes === 1 ? 'refresh' : 'refreshes'} by this tab and ${replays} replays.`);
    setBusy(false);
  }

  async function storm() {
    setBusy(true);
    await revoke().then(burst, () => setResult('The API’s controls cannot be reached.'));
    setBusy(false);
  }

  return (
    <div className="control">
      <button type="button" className="button button--wide" disabled={disabled || busy} onClick={() => void storm()}>
        {busy ? `Making ${CALLS} calls…` : `Storm: revoke the token, then ${CALLS} calls`}
      </button>
      <button type="button" className="button button--wide" disabled={disabled || busy} onClick={() => void burst()}>
        {busy ? 'One moment…' : `Make ${CALLS} calls at once`}
      </button>
      {drawn.length > 0 ? <FateGrid fates={drawn} /> : null}
      <p className="muted" role="status">
        {result}
      </p>
    </div>
  );
}
