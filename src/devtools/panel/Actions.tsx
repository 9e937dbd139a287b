import { useId, useState } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { simulate } from '../../core/simulate.ts';
import { corruptAccessToken } from '../corrupt.ts';

interface ActionsProps {
  readonly client: AuthClient;
  readonly signedIn: boolean;
  /** Where the access token is if this tab has none; `null` if it has one. */
  readonly noToken: string | null;
}

/** Buttons that act on the session. */
export function Actions({ client, signedIn, noToken }: ActionsProps) {
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

  const hasToken = signedIn && noToken === null;
  const action = (name: string, act: () => void, enabled = signedIn) => (
    <button type="button" aria-disabled={!enabled} aria-describedby={enabled ? undefined : why} onClick={enabled ? act : undefined}>{name}</button>
  );
  return (
    <div className="actions" role="group" aria-label="Actions">
      {action('Refresh now', () => attempt(client.refresh()))}
      {action('Expire token', () => simulate(client, 'expired'), hasToken)}
      {action('Corrupt token', () => void corruptAccessToken(client), hasToken)}
      <button type="button" aria-pressed={offline} onClick={toggleOffline}>Offline</button>
      {action('Sign out', () => attempt(client.signOut()))}
      <p id={why} className="muted">{whyNot(signedIn, noToken)}</p>
      <p className="problem" role="status">{problem}</p>
    </div>
  );
}

function whyNot(signedIn: boolean, noToken: string | null): string {
  if (!signedIn) return 'No session to act on. Sign in first.';
  if (noToken === 'on the server') return 'The access token is on the server.';
  return noToken === null ? '' : 'This tab has no access token yet. Refresh first.';
}
