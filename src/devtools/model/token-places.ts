import type { SessionState } from '../../core/model/session-state.ts';
import type { AuthSnapshot } from '../../core/model/snapshot.ts';

/** Names the place of the refresh token. `isOnServer` is true if the cookie is that of a session on a server. */
export function refreshTokenWords(state: SessionState, isOnServer: boolean): string {
  const refreshToken = state.status === 'signedIn' ? state.record.session.tokens.refreshToken : undefined;
  if (refreshToken === undefined) return 'none';
  if (typeof refreshToken === 'string') return 'in the page';
  return isOnServer ? 'on the server' : 'in a cookie';
}

/** Names the place of the access token; `null` if this tab has it, or if no user is signed in. */
export function accessTokenWords({ status, tokens }: AuthSnapshot): string | null {
  if (status !== 'signedIn' || tokens?.accessToken) return null;
  return tokens ? 'on the server' : 'none in this tab yet';
}
