import type { AuthSnapshot } from 'unexpired';

/** Names the state of a session. */
export function stateOf({ status, refresh }: AuthSnapshot): 'loading' | 'restoring' | 'signed out' | 'fresh' | 'refreshing' | 'waiting' | 'blocked' {
  if (status === 'loading') return refresh.state === 'idle' ? 'loading' : 'restoring';
  if (status === 'signedOut') return 'signed out';
  return ({ idle: 'fresh', running: 'refreshing', waiting: 'waiting', blocked: 'blocked' } as const)[refresh.state];
}
