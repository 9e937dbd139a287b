import { auth0SpaJs } from './auth0-spa-js.ts';
import { authJs } from './auth-js.ts';
import { axa } from './axa.ts';
import { badgateway } from './badgateway.ts';
import { ideal } from './ideal.ts';
import { naive } from './naive.ts';
import { oidcClientTs } from './oidc-client-ts.ts';
import type { Policy } from './policy.ts';
import { unexpired } from './unexpired.ts';

/** All policies, the baseline first. */
export const POLICIES: readonly Policy[] = [ideal, unexpired, naive, authJs, oidcClientTs, auth0SpaJs, badgateway, axa];
