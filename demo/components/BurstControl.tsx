import { useState } from 'react';
import { useAuth } from 'unexpired';
import { activity } from '../auth.ts';

const CALLS = 200;

/** Makes many calls at once, and says what that cost. */
export function BurstControl({ disabled }: { readonly disabled: boolean }) {
  const { client } = useAuth();
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState('');

  async function burst() {
    setBusy(true);
    const before = activity.get();
    // Each its own address: browsers send calls of one address one after the other.
    const calls = Array.from({ length: CALLS }, (_, index) => client.fetch(`/users/me?call=${index}`).then(({ ok }) => ok, () => false));
    const answered = (await Promise.all(calls)).filter((ok) => ok).length;
    const after = activity.get();
    const refreshes = after.refreshRequests - before.refreshRequests;
    const replays = after.replays - before.replays;
    setResult(`${answered} of ${CALLS} answered, with ${refreshes} ${refreshes === 1 ? 'refresh' : 'refreshes'} by this tab and ${replays} replays.`);
    setBusy(false);
  }

  return (
    <div className="control">
      <button type="button" className="button button--wide" disabled={disabled || busy} onClick={() => void burst()}>
        {busy ? `Making ${CALLS} calls…` : `Make ${CALLS} calls at once`}
      </button>
      <p className="muted" role="status">
        {result}
      </p>
    </div>
  );
}
