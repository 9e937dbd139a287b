/** The clients whose idle limit is measured. */
export const IDLE_PEERS = {
  unexpired: { title: '**unexpired**', file: 'unexpired.ts' },
  'oidc-spa': { title: 'oidc-spa', file: 'oidc-spa.ts' },
  'keycloak-angular': { title: 'keycloak-angular', file: 'keycloak-angular.ts' },
  axa: { title: '@axa-fr/oidc-client + react-idle-timer', file: 'axa.tsx' },
} as const;

export type IdlePeerName = keyof typeof IDLE_PEERS;

export const IDLE_PEER_NAMES = Object.keys(IDLE_PEERS) as IdlePeerName[];
