import type { AuthSnapshot } from '../../core/model/snapshot.ts';

/** The states of a session that the panel draws. */
export type DrawnState = 'loading' | 'restoring' | 'signedOut' | 'idle' | 'running' | 'waiting' | 'blocked';

/** Returns the state to draw. A client that asks the API whether the cookie has a session is restoring. */
export function drawnStateOf({ status, refresh }: AuthSnapshot): DrawnState {
  if (status === 'loading' && refresh.state !== 'idle') return 'restoring';
  return status === 'signedIn' ? refresh.state : status;
}

export const STATE_WORDS: Readonly<Record<DrawnState, string>> = {
  loading: 'loading',
  restoring: 'restoring',
  signedOut: 'signed out',
  idle: 'fresh',
  running: 'refreshing',
  waiting: 'waiting',
  blocked: 'blocked',
};
