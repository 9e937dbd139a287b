import { CookieTransactionStore, ServerClient, StatefulStateStore, type CookieHandler, type StateData } from '@auth0/auth0-server-js';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { Redis } from 'ioredis';
import type { Settings } from '../instances/settings.ts';
import { honoApp, type PeerApp } from './peer.ts';

interface StoreOptions {
  readonly c: Context;
}

const cookies: CookieHandler<StoreOptions> = {
  setCookie: (name, value, options, store) => store && setCookie(store.c, name, value, { ...options, path: '/' } as Parameters<typeof setCookie>[3]),
  getCookie: (name, store) => store && getCookie(store.c, name),
  getCookies: (store) => (store ? getCookie(store.c) : {}),
  deleteCookie: (name, store) => void (store && deleteCookie(store.c, name, { path: '/' })),
};

/** `@auth0/auth0-server-js` with its stateful store on Redis. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const redis = new Redis(settings.redisPort, '127.0.0.1');
  const key = (id: string) => `auth0:${id}`;
  const store = {
    set: async (id: string, state: StateData) => void (await redis.set(key(id), JSON.stringify(state), 'EX', 3 * 86_400)),
    get: async (id: string) => {
      const text = await redis.get(key(id));
      return text === null ? undefined : (JSON.parse(text) as StateData);
    },
    delete: async (id: string) => void (await redis.del(key(id))),
    deleteByLogoutToken: async () => undefined,
  };
  const secret = 'a secret of at least 32 characters';
  const client = new ServerClient<StoreOptions>({
    domain: new URL(settings.authority).host,
    clientId: 'bench',
    clientSecret: 'secret',
    authorizationParams: { redirect_uri: `${settings.appOrigin}/callback`, scope: 'openid email offline_access' },
    transactionStore: new CookieTransactionStore({ secret }, cookies),
    stateStore: new StatefulStateStore({ secret, store }, cookies),
  });
  return honoApp(settings, {
    signIn: async (c) => c.redirect((await client.startInteractiveLogin({}, { c })).href),
    async accessToken(c) {
      if (!(await client.getSession({ c }))) return null;
      return (await client.getAccessToken({ c })).accessToken;
    },
    signOut: (c) => client.logout({ returnTo: settings.appOrigin }, { c }),
    mount: (app) =>
      void app.get('/callback', async (c) => {
        await client.completeInteractiveLogin(new URL(c.req.url), { c });
        return c.redirect('/plain');
      }),
  });
}
