import { AutoRefreshTokenService, createKeycloakSignal, KEYCLOAK_EVENT_SIGNAL, UserActivityService } from 'keycloak-angular';
import Keycloak from 'keycloak-js';
import { metadataOf } from '../metadata.ts';
import { provide } from '../angular.cjs';
import { APP, callWith, show } from '../peer.ts';
import { IDLE_MS } from '../times.ts';

const keycloak = new Keycloak({ oidcProvider: metadataOf(APP), clientId: 'idle' });

/** What `provideKeycloak({ features: [withAutoRefreshToken(…)] })` does, without Angular. */
provide(Keycloak, keycloak);
provide(KEYCLOAK_EVENT_SIGNAL, createKeycloakSignal(keycloak));
provide(UserActivityService, new UserActivityService());
const service = new AutoRefreshTokenService();
service.start({ sessionTimeout: IDLE_MS, onInactivityTimeout: 'logout', logoutOptions: { redirectUri: APP } });
await keycloak.init({ onLoad: 'check-sso', checkLoginIframe: false, pkceMethod: 'S256', redirectUri: APP });

show({
  isSignedIn: () => keycloak.authenticated === true,
  signIn: () => keycloak.login({ redirectUri: APP }),
  /** As the bearer interceptor of keycloak-angular does it. */
  async call(body) {
    await keycloak.updateToken(5);
    return callWith(keycloak.token, body);
  },
});
