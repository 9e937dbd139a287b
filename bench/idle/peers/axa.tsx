import { OidcClient } from '@axa-fr/oidc-client';
import { createRoot } from 'react-dom/client';
import { useIdleTimer } from 'react-idle-timer';
import { metadataOf } from '../metadata.ts';
import { APP, show } from '../peer.ts';
import { IDLE_MS } from '../times.ts';

const client = OidcClient.getOrCreate(() => fetch)({
  client_id: 'idle',
  redirect_uri: `${APP}callback`,
  scope: 'openid',
  authority: `${APP}as`,
  authority_configuration: metadataOf(APP),
  storage: localStorage,
  token_renew_mode: 'access_token_invalid',
});

if (location.pathname.endsWith('/callback')) {
  await client.loginCallbackAsync();
  location.replace(APP);
} else {
  await client.tryKeepExistingSessionAsync();
  createRoot(document.getElementById('root') as HTMLElement).render(<IdleTimer />);
  const authedFetch = client.fetchWithTokens(fetch);
  show({
    isSignedIn: () => Boolean(client.tokens),
    signIn: async () => void (await client.loginAsync('/')),
    call: async (body) => (await authedFetch(`${APP}api/call`, { method: 'POST', body })).status,
  });
}

/** The hook that is used most for idle users, over all tabs. */
function IdleTimer() {
  useIdleTimer({ timeout: IDLE_MS, crossTab: true, syncTimers: 200, leaderElection: true, onIdle: () => client.tokens && void client.logoutAsync(APP) });
  return null;
}
