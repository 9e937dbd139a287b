import { useId, useState, useSyncExternalStore } from 'react';
import { AuthError, type AuthClient, type AuthSnapshot } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import type { BonfireProtocol } from 'unexpired/bonfire';
import { endWords } from '../../demo/words.ts';
import { stateOf } from './session-words.ts';
import { useNow } from '../../demo/use-now.ts';

interface SessionCardProps {
  readonly auth: AuthClient;
  readonly protocol: BonfireProtocol;
  readonly title?: string;
  readonly botId?: string;
}

/** A session: its state, its token's life, and its actions. */
export function SessionCard({ auth, protocol, title = 'Session', botId = 'ember' }: SessionCardProps) {
  const snapshot = useSyncExternalStore(auth.subscribe, auth.getSnapshot);
  const [answer, setAnswer] = useState('');
  const why = useId();

  function attempt(work: Promise<string>): void {
    setAnswer('…');
    work.then(setAnswer, (error: unknown) => setAnswer(AuthError.is(error) ? `AuthError: ${error.code}` : String(error)));
  }

  const signedIn = snapshot.status === 'signedIn';
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <p>
        <span className="state" data-state={stateOf(snapshot)}>{stateOf(snapshot)}</span>
      </p>
      {signedIn ? <Life snapshot={snapshot} /> : null}
      {snapshot.status === 'signedOut' ? <p id={why} className={snapshot.endReason === null ? 'muted' : 'notice'}>{endWords(snapshot.endReason).title}</p> : null}
      {snapshot.refresh.error ? <RefreshProblem snapshot={snapshot} /> : null}
      <p className="muted">storage: {snapshot.storage}</p>
      <div className="row">
        <button type="button" disabled={!signedIn} aria-describedby={snapshot.status === 'signedOut' ? why : undefined} onClick={() => attempt(auth.fetch('/users/me').then((r) => `The API answered ${r.status}.`))}>Call the API</button>
        {signedIn
          ? <button type="button" onClick={() => void auth.signOut()}>Sign out</button>
          : <button type="button" onClick={() => void auth.signIn(createBotTokens(protocol, [botId]))}>Sign in</button>}
      </div>
      <p role="status">{answer}</p>
    </section>
  );
}

function Life({ snapshot: { receipt } }: { readonly snapshot: AuthSnapshot }) {
  const now = useNow(200);
  const lifetimeMs = receipt?.lifetimeMs ?? null;
  if (receipt === null || lifetimeMs === null) return <p className="muted">No expiry known.</p>;
  const leftMs = Math.min(lifetimeMs, Math.max(0, receipt.receivedAt + lifetimeMs - now));
  return (
    <div>
      <div className="life" role="meter" aria-label="Access token lifetime left" aria-valuemin={0} aria-valuemax={Math.round(lifetimeMs / 1000)} aria-valuenow={Math.ceil(leftMs / 1000)}>
        <span style={{ width: `${(100 * leftMs) / lifetimeMs}%` }} />
      </div>
      <p className="muted">{Math.ceil(leftMs / 1000)} s left</p>
    </div>
  );
}

function RefreshProblem({ snapshot: { refresh } }: { readonly snapshot: AuthSnapshot }) {
  const now = useNow(200);
  const wait = refresh.retryAt === null ? '' : ` Next attempt in ${Math.max(0, Math.ceil((refresh.retryAt - now) / 1000))} s.`;
  return <p className="notice">{refresh.error?.message}{wait}</p>;
}
