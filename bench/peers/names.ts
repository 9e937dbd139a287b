/** The peers, by the name of their file: first the baselines, then unexpired, then the others by name. */
export const PEERS = {
  bare: { title: 'bare `fetch`', packages: [] },
  naive: { title: 'by hand, naive', packages: [] },
  shared: { title: 'by hand, one shared refresh', packages: [] },
  senior: { title: 'by hand, with Web Locks', packages: [] },
  unexpired: { title: '**unexpired**', packages: [] },
  alova: { title: 'alova', packages: ['alova'] },
  'axios-auth-refresh': { title: 'axios + axios-auth-refresh', packages: ['axios', 'axios-auth-refresh'] },
  axa: { title: '@axa-fr/oidc-client', packages: ['@axa-fr/oidc-client'] },
  auth0: { title: '@auth0/auth0-spa-js', packages: ['@auth0/auth0-spa-js'] },
  authkit: { title: '@workos-inc/authkit-js', packages: ['@workos-inc/authkit-js'] },
  badgateway: { title: '@badgateway/oauth2-client', packages: ['@badgateway/oauth2-client'] },
  keycloak: { title: 'keycloak-js', packages: ['keycloak-js'] },
  ky: { title: 'ky with hooks', packages: ['ky'] },
  msal: { title: '@azure/msal-browser', packages: ['@azure/msal-browser'] },
  multitab: { title: '@weareyipyip/multitab-token-refresh', packages: ['@weareyipyip/multitab-token-refresh'] },
  'oidc-client-ts': { title: 'oidc-client-ts', packages: ['oidc-client-ts'] },
  okta: { title: '@okta/okta-auth-js', packages: ['@okta/okta-auth-js'] },
  supabase: { title: '@supabase/supabase-js', packages: ['@supabase/supabase-js'] },
  supertokens: { title: 'supertokens-website', packages: ['supertokens-website'] },
  urql: { title: 'urql with authExchange', packages: ['@urql/core', '@urql/exchange-auth'] },
} as const;

/** The name of a peer. */
export type PeerName = keyof typeof PEERS;

export const PEER_NAMES = Object.keys(PEERS) as PeerName[];
