import { useEffect, useRef, useState } from 'react';
import type { LostSession } from 'unexpired';
import { grantOf } from '../auth.ts';
import { BOTS } from '../environment.ts';
import { countWords, endWords, problemWords } from '../words.ts';
import { Button } from './Button.tsx';

/** Signs in again above the page, which stays as it was. */
export function LostDialog({ cause, waiting, signIn, discard }: LostSession) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busyBot, setBusyBot] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => dialog.current?.showModal(), []);
  const { title } = endWords(cause);

  async function enter(botId: string) {
    setBusyBot(botId);
    setProblem('');
    await signIn(grantOf(botId)).catch((error: unknown) => setProblem(problemWords(error)));
    setBusyBot(null);
  }

  return (
    <dialog ref={dialog} className="card lost" aria-labelledby="lost" onCancel={(event) => (event.preventDefault(), discard())}>
      <h2 id="lost">{title}</h2>
      <p role="status">{waiting === 0 ? 'No call waits.' : `${countWords(waiting, 'call waits', 'calls wait')} for you to sign in again.`}</p>
      <div className="row">
        {BOTS.map(({ id, name }) => (
          <Button key={id} className="button--main" busy={busyBot !== null} onClick={() => void enter(id)}>
            {`Sign in as ${name}`}
          </Button>
        ))}
        <Button onClick={discard}>Discard</Button>
      </div>
      <p className="problem" role="alert">
        {problem}
      </p>
    </dialog>
  );
}
