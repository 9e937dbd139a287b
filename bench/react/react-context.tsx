import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import { requestTokens, ownTokens, storedTokens, storeTokens } from '../peers/own-tokens.ts';
import type { Binding } from './binding.ts';

interface Session {
  readonly token: string;
  readonly authedFetch: (url: string) => Promise<Response>;
  readonly refresh: () => Promise<void>;
}

const Context = createContext<Session | null>(null);

function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('There is no provider.');
  return session;
}

/** A binding written by hand: one context with the tokens in its state. */
export const binding: Binding = {
  signIn: (_api, tokens) => storeTokens(tokens),
  Provider({ api, children }) {
    const [tokens, setTokens] = useState(storedTokens);
    const refresh = useCallback(async () => {
      const answer = await requestTokens(api.base, tokens.refreshToken);
      storeTokens(answer);
      setTokens(ownTokens(answer));
    }, [api, tokens]);
    const authedFetch = useCallback((url: string) => fetch(url, { headers: { authorization: `Bearer ${tokens.accessToken}` } }), [tokens]);
    const session = useMemo(() => ({ token: tokens.accessToken, authedFetch, refresh }), [tokens, authedFetch, refresh]);
    return <Context value={session}>{children}</Context>;
  },
  useCall: () => useSession().authedFetch,
  useStatus: () => useSession().token !== '',
  useToken: () => useSession().token,
  useRefresh: () => useSession().refresh,
};
