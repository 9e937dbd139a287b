import type { Address, Door } from './door.ts';

type Load = () => Promise<{ readonly createDoor: (address: Address) => Door }>;

/** Loads the sign-in of each library, in a chunk of its own. */
export const DOORS = {
  unexpired: () => import('./unexpired.ts'),
  'oidc-client-ts': () => import('./oidc-client-ts.ts'),
  auth0: () => import('./auth0.ts'),
  keycloak: () => import('./keycloak.ts'),
  msal: () => import('./msal.ts'),
} as const satisfies Readonly<Record<string, Load>>;

export type DoorName = keyof typeof DOORS;
