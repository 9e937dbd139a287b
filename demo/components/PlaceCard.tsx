import { useState } from 'react';
import { useAuth } from 'unexpired';
import { readAsScript, type ScriptFinds } from '../read-as-script.ts';
import { Button } from './Button.tsx';
import { PlaceSwitch } from './PlaceSwitch.tsx';

/** Where the tokens are, and what a script of this page can read of them. */
export function PlaceCard() {
  const { client } = useAuth();
  const [finds, setFinds] = useState<ScriptFinds | null>(null);
  const [problem, setProblem] = useState('');
  const read = () => void readAsScript(client.storageKey).then(setFinds, () => setProblem('This browser does not let a script read IndexedDB.'));
  return (
    <section className="card places" aria-label="Tokens">
      <PlaceSwitch />
      <div className="places__script">
        <Button onClick={read}>Read tokens</Button>
        <p className="muted">Reads all that a foreign script could. No token is shown.</p>
      </div>
      <div role="status">{finds === null ? null : <Finds finds={finds} />}</div>
      <p className="problem" role="alert">
        {problem}
      </p>
    </section>
  );
}

function Finds({ finds: { accessToken, refreshToken, sessionName, cookies } }: { readonly finds: ScriptFinds }) {
  const lines = [
    { text: `Access token: ${foundWords(accessToken)}`, isRead: accessToken !== null },
    { text: `Refresh token: ${foundWords(refreshToken)}`, isRead: refreshToken !== null },
    ...(sessionName === null ? [] : [{ text: `Public name of the session: ${sessionName}`, isRead: false }]),
    { text: `document.cookie: ${cookies.join(', ') || 'empty'}`, isRead: false },
  ];
  return (
    <ul className="finds" aria-label="What a script has read">
      {lines.map(({ text, isRead }) => (
        <li key={text} data-read={isRead}>
          {text}
        </li>
      ))}
    </ul>
  );
}

function foundWords(length: number | null): string {
  return length === null ? 'not found' : `${length} characters, from IndexedDB`;
}
