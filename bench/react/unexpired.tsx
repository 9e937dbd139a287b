import { AuthProvider, useAccessToken, useAuth, useAuthedFetch } from '../../dist/index.js';
import { useState } from 'react';
import { clientOf, peer } from '../peers/unexpired.ts';
import type { Binding } from './binding.ts';

export const binding: Binding = {
  signIn: peer.signIn,
  Provider({ api, children }) {
    const [client] = useState(() => clientOf(api));
    return <AuthProvider client={client}>{children}</AuthProvider>;
  },
  useCall: () => useAuthedFetch(),
  useStatus: () => useAuth().status === 'signedIn',
  useToken: () => useAccessToken().accessToken ?? undefined,
  useRefresh: () => useAccessToken().refresh,
};
