import { OidcProvider, useOidc, useOidcAccessToken, useOidcFetch } from '@axa-fr/react-oidc';
import { configurationOf, peer } from '../peers/axa.ts';
import type { Binding } from './binding.ts';

export const binding: Binding = {
  signIn: peer.signIn,
  Provider: ({ api, children }) => <OidcProvider configuration={configurationOf(api)}>{children}</OidcProvider>,
  useCall: () => useOidcFetch().fetch,
  useStatus: () => useOidc().isAuthenticated,
  useToken: () => (useOidcAccessToken().accessToken as string | null) ?? undefined,
  useRefresh: () => useOidc().renewTokens,
};
