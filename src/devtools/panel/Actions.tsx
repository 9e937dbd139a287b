import { useId, useState } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { simulate } from '../../core/simulate.ts';
import { corruptAccessToken } from '../corrupt.ts';

interface ActionsProps {
  readonly client: AuthClient;
  readonly signedIn: boolean;
}

/** Buttons that act on the session. */
export function Actions({ client, signedIn }: ActionsProps) {
  const [offline, setOffline] = useState(false);
  const [problem, setProblem] = useState('');
  const why = useId();

  function attempt(action: Promise<unknown>): void {
    setProblem('');
    action.catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  }

  function toggleOffline(): void {
    simulate(client, offline ? 'online' : 'offline');
    setOffline(!offline);
  }

  const action = (name: string, act: () => void) => (
    <button type="button" aria-disabled={!signedIn} aria-describedby={signedIn ? undefined : why} onClick={signedIn ? act : undefined}>{name}</button>
  );
  return (
    <div className="actions" role="group" aria-label="Actions">
      {action('Refresh now', () => attempt(client.refresh()))}
      {action('Expire token', () => simulate(client, 'expired'))}
      {action('Corrupt token', () => void corruptAccessToken(client))}
      <button type="button" aria-pressed={offline} onClick={toggleOffline}>Offline</button>
      {action('Sign out', () => attempt(client.signOut()))}
      <p id={why} className="muted">{signedIn ? '' : 'No session to act on. Sign in first.'}</p>
      <p className="problem" role="status">{problem}</p>
    </div>
  );
}
