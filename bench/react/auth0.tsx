import { Auth0Provider, useAuth0 } from '@auth0/auth0-react';
import { useEffect, useState } from 'react';
import { optionsOf, peer } from '../peers/auth0.ts';
import type { Binding } from './binding.ts';

export const binding: Binding = {
  signIn: peer.signIn,
  Provider: ({ api, children }) => <Auth0Provider {...optionsOf(api)}>{children}</Auth0Provider>,
  useCall: () => useAuth0().getAccessTokenSilently,
  useStatus: () => useAuth0().isAuthenticated,
  useToken() {
    const { getAccessTokenSilently } = useAuth0();
    const [token, setToken] = useState<string>();
    useEffect(() => void getAccessTokenSilently().then(setToken), [getAccessTokenSilently]);
    return token;
  },
  useRefresh() {
    const { getAccessTokenSilently } = useAuth0();
    return () => getAccessTokenSilently({ cacheMode: 'off' });
  },
};
