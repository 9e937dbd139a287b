/** The peers, by the name of their file: first the baselines, then unexpired, then the others by name. */
export const PEERS = {
  bare: { title: 'bare `fetch`', packages: [] },
  naive: { title: 'by hand, naive', packages: [] },
  shared: { title: 'by hand, one shared refresh', packages: [] },
  unexpired: { title: '**unexpired**', packages: [] },
  'axios-auth-refresh': { title: 'axios + axios-auth-refresh', packages: ['axios', 'axios-auth-refresh'] },
  axa: { title: '@axa-fr/oidc-client', packages: ['@axa-fr/oidc-client'] },
  auth0: { title: '@auth0/auth0-spa-js', packages: ['@auth0/auth0-spa-js'] },
  badgateway: { title: '@badgateway/oauth2-client', packages: ['@badgateway/oauth2-client'] },
  ky: { title: 'ky with hooks', packages: ['ky'] },
  multitab: { title: '@weareyipyip/multitab-token-refresh', packages: ['@weareyipyip/multitab-token-refresh'] },
  'oidc-client-ts': { title: 'oidc-client-ts', packages: ['oidc-client-ts'] },
  supabase: { title: '@supabase/supabase-js', packages: ['@supabase/supabase-js'] },
  supertokens: { title: 'supertokens-website', packages: ['supertokens-website'] },
} as const;

/** The name of a peer. */
export type PeerName = keyof typeof PEERS;

export const PEER_NAMES = Object.keys(PEERS) as PeerName[];
