import { createAuthClient, holdCalls, limitSession } from '../../../dist/core.js';
import { oauth2 } from '../../../dist/oauth2.js';
import { APP, show } from '../peer.ts';
import { IDLE_MS } from '../times.ts';

const auth = createAuthClient({ protocol: oauth2({ tokenEndpoint: `${APP}as/token`, clientId: 'idle', resourceOrigins: [location.origin], baseUrl: APP }) });
limitSession(auth, { idle: { timeoutMs: IDLE_MS } });
holdCalls(auth);
await auth.ready();

show({
  isSignedIn: () => auth.getSnapshot().status === 'signedIn',
  async signIn() {
    const answer = (await (await fetch(`${APP}grant`)).json()) as { access_token: string; refresh_token: string; expires_in: number };
    await auth.signIn({ accessToken: answer.access_token, refreshToken: answer.refresh_token, expiresAt: Date.now() + answer.expires_in * 1000, scopes: [] });
  },
  call: async (body) => (await auth.fetch('/api/call', { method: 'POST', body })).status,
});
