import { useState, useSyncExternalStore } from 'react';
import { useAuth } from 'unexpired';
import { createCallTrace, type TraceStep } from '../call-trace.ts';
import { PLACE } from '../environment.ts';
import { countWords } from '../words.ts';
import type { BreakAction } from './break-action.ts';
import { Button } from './Button.tsx';

const REQUESTS: Readonly<Record<TraceStep['kind'], string>> = { call: 'GET /users/me', refresh: 'Refresh', replay: 'GET /users/me, replayed' };

/** Revokes the access token, makes one call, and shows each request that the call leads to. */
export function RevokeControl({ revoke, run, busy, whyNot }: BreakAction) {
  const { client } = useAuth();
  const [trace] = useState(() => createCallTrace(client));
  const steps = useSyncExternalStore(trace.subscribe, trace.get);
  const [result, setResult] = useState('');

  async function revokeAndCall() {
    setResult('');
    await revoke();
    const answered = await trace.follow(() => client.fetch('/users/me'));
    setResult(answered ? answeredWords(trace.get()) : 'The call failed. You stay signed in.');
  }

  return (
    <div className="control">
      <Button className="button--main button--big" busy={busy} whyNot={whyNot} onClick={() => run(revokeAndCall)}>
        Revoke and call
      </Button>
      <ol className="log__list" aria-label="Requests of the call">
        {steps.map(({ kind, result, state }, index) => (
          <li key={index} data-state={state}>
            <span className="log__call">{REQUESTS[kind]}</span>
            <span className="log__status">{state === 'rejected' ? `${result}, error 450` : result || '…'}</span>
          </li>
        ))}
      </ol>
      <p role="status">{result}</p>
    </div>
  );
}

function answeredWords(steps: readonly TraceStep[]): string {
  if (PLACE === 'server') return 'Answered. An instance refreshed and replayed the call.';
  const good = (kind: TraceStep['kind']) => steps.filter((step) => step.kind === kind && step.state === 'good').length;
  return `Answered after ${countWords(good('refresh'), 'refresh', 'refreshes')} and ${countWords(good('replay'), 'replay', 'replays')}.`;
}
