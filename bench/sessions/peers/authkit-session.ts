import { configure, CookieSessionStorage, createAuthService, type HeadersBag } from '@workos/authkit-session';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Settings } from '../instances/settings.ts';
import { addSetCookie } from './cookies.ts';
import { honoApp, type PeerApp } from './peer.ts';

class HonoStorage extends CookieSessionStorage<Context, Response> {
  async getCookie(c: Context, name: string): Promise<string | null> {
    return getCookie(c, name) ?? null;
  }
}

/** `@workos/authkit-session` with the middleware of its README. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const { hostname, port } = new URL(settings.authority);
  configure({ clientId: 'bench', apiKey: 'sk_bench', redirectUri: `${settings.appOrigin}/callback`, cookiePassword: 'a password of at least 32 characters', apiHostname: hostname, apiPort: Number(port), apiHttps: true });
  const service = createAuthService<Context, Response>({ sessionStorageFactory: (config) => new HonoStorage(config) });
  const send = (c: Context, headers: HeadersBag | undefined) => addSetCookie(c, headers?.['Set-Cookie']);

  async function withAuth(c: Context): Promise<string | null> {
    const { auth, refreshedSessionData } = await service.withAuth(c);
    if (refreshedSessionData) send(c, (await service.saveSession(undefined, refreshedSessionData)).headers);
    return auth.user ? auth.accessToken : null;
  }

  return honoApp(settings, {
    async signIn(c) {
      const { url, headers } = await service.createSignIn(undefined, { returnPathname: '/plain' });
      send(c, headers);
      return c.redirect(url);
    },
    accessToken: withAuth,
    async renew(c) {
      const session = await service.getSession(c);
      if (!session) return null;
      const { auth, encryptedSession } = await service.refreshSession(session);
      send(c, (await service.saveSession(undefined, encryptedSession)).headers);
      return auth.user ? auth.accessToken : null;
    },
    async signOut(c) {
      const { auth } = await service.withAuth(c);
      if (!auth.user) return;
      const { logoutUrl, headers } = await service.signOut(auth.sessionId);
      send(c, headers);
      await fetch(logoutUrl, { redirect: 'manual' });
    },
    mount: (app) =>
      void app.get('/callback', async (c) => {
        const { headers } = await service.handleCallback(c, new Response(), { code: c.req.query('code') ?? '', state: c.req.query('state') ?? '' });
        send(c, headers);
        return c.redirect('/plain');
      }),
  });
}
