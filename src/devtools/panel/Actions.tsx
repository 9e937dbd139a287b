import { useState } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { damageAccessToken } from '../damage.ts';
import { inspectorOf } from '../../core/inspector.ts';

interface ActionsProps {
  readonly client: AuthClient;
  readonly signedIn: boolean;
}

/** What can be tried on a session. */
export function Actions({ client, signedIn }: ActionsProps) {
  const [offline, setOffline] = useState(false);
  const [problem, setProblem] = useState('');

  function attempt(action: Promise<unknown>): void {
    setProblem('');
    action.catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  }

  function toggleOffline(): void {
    inspectorOf(client).simulate(offline ? 'online' : 'offline');
    setOffline(!offline);
  }

  return (
    <div className="actions" role="group" aria-label="Actions">
      <button type="button" disabled={!signedIn} onClick={() => attempt(client.refresh())}>Refresh now</button>
      <button type="button" disabled={!signedIn} onClick={() => inspectorOf(client).simulate('expired')}>Treat as expired</button>
      <button type="button" disabled={!signedIn} onClick={() => void damageAccessToken(client)}>Damage the access token</button>
      <button type="button" aria-pressed={offline} onClick={toggleOffline}>Simulate offline</button>
      <button type="button" disabled={!signedIn} onClick={() => attempt(client.signOut())}>Sign out</button>
      <p className="problem" role="status">{problem}</p>
    </div>
  );
}
