import type { AuthSnapshot } from '../../core/model/snapshot.ts';

/** The states of a session that the panel draws. */
export type DrawnState = 'loading' | 'signedOut' | 'idle' | 'running' | 'waiting' | 'blocked';

/** Returns the state to draw. */
export function drawnStateOf({ status, refresh }: AuthSnapshot): DrawnState {
  return status === 'signedIn' ? refresh.state : status;
}

export const STATE_WORDS: Readonly<Record<DrawnState, string>> = {
  loading: 'loading',
  signedOut: 'signed out',
  idle: 'fresh',
  running: 'refreshing',
  waiting: 'waiting',
  blocked: 'blocked',
};
