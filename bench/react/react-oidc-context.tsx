import { useState } from 'react';
import { AuthProvider, useAuth } from 'react-oidc-context';
import { managerOf, peer } from '../peers/oidc-client-ts.ts';
import type { Binding } from './binding.ts';

export const binding: Binding = {
  signIn: peer.signIn,
  Provider({ api, children }) {
    const [userManager] = useState(() => managerOf(api));
    return <AuthProvider userManager={userManager}>{children}</AuthProvider>;
  },
  useCall: () => useAuth().user?.access_token,
  useStatus: () => useAuth().isAuthenticated,
  useToken: () => useAuth().user?.access_token,
  useRefresh: () => useAuth().signinSilent,
};
