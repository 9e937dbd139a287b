import { createOidc } from 'oidc-spa/core';
import { oidcEarlyInit } from 'oidc-spa/entrypoint';
import { APP, callWith, show } from '../peer.ts';

const BASE_URL = new URL(APP).pathname;
const { shouldLoadApp } = oidcEarlyInit({ BASE_URL });
if (shouldLoadApp) void start();

/** Its idle limit is the life of the refresh token, which the server states. */
async function start(): Promise<void> {
  const oidc = await createOidc({ issuerUri: `${APP}as`, clientId: 'idle', BASE_URL, autoLogoutParams: { redirectTo: 'home' } });
  show({
    isSignedIn: () => oidc.isUserLoggedIn,
    async signIn() {
      if (!oidc.isUserLoggedIn) await oidc.login({});
    },
    async call(body) {
      if (!oidc.isUserLoggedIn) throw new Error('No user is signed in.');
      const { accessToken } = await oidc.getTokens();
      return callWith(accessToken, body);
    },
  });
}
