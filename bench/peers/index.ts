import type { PeerName } from './names.ts';
import type { Peer } from './peer.ts';

/** Loads the code of one peer only. */
export const LOADERS: Readonly<Record<PeerName, () => Promise<{ readonly peer: Peer }>>> = {
  bare: () => import('./bare.ts'),
  naive: () => import('./naive.ts'),
  shared: () => import('./shared.ts'),
  senior: () => import('./senior.ts'),
  unexpired: () => import('./unexpired.ts'),
  alova: () => import('./alova.ts'),
  'axios-auth-refresh': () => import('./axios-auth-refresh.ts'),
  axa: () => import('./axa.ts'),
  auth0: () => import('./auth0.ts'),
  authkit: () => import('./authkit.ts'),
  badgateway: () => import('./badgateway.ts'),
  keycloak: () => import('./keycloak.ts'),
  ky: () => import('./ky.ts'),
  msal: () => import('./msal.ts'),
  multitab: () => import('./multitab.ts'),
  'oidc-client-ts': () => import('./oidc-client-ts.ts'),
  okta: () => import('./okta.ts'),
  supabase: () => import('./supabase.ts'),
  supertokens: () => import('./supertokens.ts'),
  urql: () => import('./urql.ts'),
};
