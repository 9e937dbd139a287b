import type { Ref } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { drawnStateOf, STATE_WORDS } from '../model/state-words.ts';
import { LifeRing } from './LifeRing.tsx';
import { useClientSnapshot } from './use-client-snapshot.ts';

interface BadgeProps {
  readonly buttonRef: Ref<HTMLButtonElement>;
  readonly client: AuthClient;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** The floating button: the token's life and the session's state. */
export function Badge({ buttonRef, client, open, onToggle }: BadgeProps) {
  const snapshot = useClientSnapshot(client);
  const state = drawnStateOf(snapshot);
  return (
    <button ref={buttonRef} type="button" className="badge" data-state={state} aria-expanded={open} onClick={onToggle}>
      <LifeRing client={client} snapshot={snapshot} size="small" />
      <span>{STATE_WORDS[state]}</span>
      <span className="hidden">: session devtools</span>
    </button>
  );
}
