import type { SessionState } from '../../core/model/session-state.ts';

/** Names the place of the refresh token. */
export function refreshTokenWords(state: SessionState): string {
  const refreshToken = state.status === 'signedIn' ? state.record.session.tokens.refreshToken : undefined;
  if (refreshToken === undefined) return 'none';
  return typeof refreshToken === 'string' ? 'in the page' : 'in a cookie';
}
