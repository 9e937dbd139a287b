import { useState, useSyncExternalStore } from 'react';
import { useAuth } from 'unexpired';
import { activity } from '../auth.ts';
import { createCallFates } from '../call-fates.ts';
import { countWords } from '../words.ts';
import { Button } from './Button.tsx';
import { FateGrid } from './FateGrid.tsx';

const CALLS = 200;

interface BurstControlProps {
  /** The id of the words that say why there can be no calls. */
  readonly whyNot: string | undefined;
  readonly revoke: () => Promise<void>;
}

/** What came of it, in a few words and in more. */
interface Result {
  readonly cost: string;
  readonly detail: string;
}

/** Makes many calls at once, draws them as they go, and says what they cost. */
export function BurstControl({ whyNot, revoke }: BurstControlProps) {
  const { client } = useAuth();
  const [fates] = useState(() => createCallFates(client));
  const drawn = useSyncExternalStore(fates.subscribe, fates.get);
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Result | null>(null);

  async function burst(): Promise<Result> {
    const before = activity.get();
    // Each its own address: browsers send calls of one address one after the other.
    const answered = await fates.follow(() => Array.from({ length: CALLS }, (_, index) => client.fetch(`/users/me?call=${index}`)));
    const after = activity.get();
    const replays = after.replays - before.replays;
    return {
      cost: costWords(after.refreshRequests - before.refreshRequests, after.adoptions - before.adoptions),
      detail: `${answered} of ${CALLS} answered${replays === 0 ? '' : `; ${replays} were refused first, and sent once more`}.`,
    };
  }

  async function play(calls: Promise<Result>) {
    setBusy(true);
    setResult(await calls.catch(() => ({ cost: '', detail: 'The API’s controls cannot be reached.' })));
    setBusy(false);
  }

  return (
    <div className="control">
      <Button className="button--wide" busy={busy} whyNot={whyNot} onClick={() => void play(revoke().then(burst))}>
        Storm: revoke, then {CALLS} calls
      </Button>
      <Button className="button--wide" busy={busy} whyNot={whyNot} onClick={() => void play(burst())}>
        {CALLS} calls at once
      </Button>
      <p className="cost" role="status">
        {busy ? <strong>{CALLS} calls…</strong> : null}
        {!busy && result ? (
          <>
            <strong>{result.cost}</strong> {result.detail}
          </>
        ) : null}
      </p>
      {drawn.length > 0 ? <FateGrid fates={drawn} /> : null}
    </div>
  );
}

function costWords(refreshes: number, adoptions: number): string {
  if (refreshes > 0) return `${CALLS} calls cost ${countWords(refreshes, 'refresh', 'refreshes')}.`;
  return `${CALLS} calls cost no refresh${adoptions === 0 ? '' : ': another tab’s was adopted'}.`;
}
