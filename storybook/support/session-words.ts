import type { AuthSnapshot } from 'unexpired';

/** The one word for where a session stands. */
export function stateOf({ status, refresh }: AuthSnapshot): 'loading' | 'signed out' | 'fresh' | 'refreshing' | 'waiting' | 'blocked' {
  if (status === 'loading') return 'loading';
  if (status === 'signedOut') return 'signed out';
  return ({ idle: 'fresh', running: 'refreshing', waiting: 'waiting', blocked: 'blocked' } as const)[refresh.state];
}
