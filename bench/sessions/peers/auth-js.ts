import { Auth, skipCSRFCheck, type AuthConfig } from '@auth/core';
import type { Context } from 'hono';
import type { Settings } from '../instances/settings.ts';
import { addSetCookie } from './cookies.ts';
import { honoApp, type PeerApp } from './peer.ts';

interface Claims {
  access_token?: string;
  refresh_token?: string;
  expires_at?: number;
  error?: 'RefreshTokenError';
}

/** Auth.js with the refresh token rotation of its guide: the session is a JWT in cookies, and the `jwt` callback refreshes. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const config = configOf(settings);
  const at = (path: string) => `${settings.appOrigin}/auth/${path}`;

  async function sessionOf(c: Context): Promise<Claims | null> {
    const response = await Auth(new Request(at('session'), { headers: { cookie: c.req.header('cookie') ?? '' } }), config);
    addSetCookie(c, response.headers.getSetCookie());
    return (await response.json()) as Claims | null;
  }

  return honoApp(settings, {
    signIn: () => Auth(new Request(at('signin/bench'), { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'callbackUrl=%2Fplain' }), { ...config, skipCSRFCheck }),
    async accessToken(c) {
      const session = await sessionOf(c);
      return session?.error === undefined ? session?.access_token ?? null : null;
    },
    async signOut(c) {
      const response = await Auth(new Request(at('signout'), { method: 'POST', headers: { cookie: c.req.header('cookie') ?? '', 'content-type': 'application/x-www-form-urlencoded' } }), { ...config, skipCSRFCheck });
      addSetCookie(c, response.headers.getSetCookie());
    },
    mount: (app) => void app.get('/auth/*', (c) => Auth(c.req.raw, config)),
  });
}

function configOf({ authority }: Settings): Omit<AuthConfig, 'raw'> {
  return {
    secret: 'a secret of at least 32 characters',
    trustHost: true,
    basePath: '/auth',
    logger: { error: () => undefined, warn: () => undefined },
    providers: [{ id: 'bench', name: 'Bench', type: 'oidc', issuer: authority, clientId: 'bench', clientSecret: 'secret', authorization: { params: { scope: 'openid email offline_access' } } }],
    callbacks: {
      async jwt({ token, account }) {
        if (account) return { ...token, access_token: account.access_token, expires_at: account.expires_at, refresh_token: account.refresh_token };
        const claims = token as typeof token & Claims;
        if (Date.now() < (claims.expires_at ?? 0) * 1000) return token;
        try {
          const body = new URLSearchParams({ client_id: 'bench', client_secret: 'secret', grant_type: 'refresh_token', refresh_token: claims.refresh_token ?? '' });
          const response = await fetch(`${authority}/token`, { method: 'POST', body });
          const answer = (await response.json()) as { access_token: string; expires_in: number; refresh_token?: string };
          if (!response.ok) throw new Error('The refresh failed.');
          return { ...token, access_token: answer.access_token, expires_at: Math.floor(Date.now() / 1000 + answer.expires_in), refresh_token: answer.refresh_token ?? claims.refresh_token };
        } catch {
          return { ...token, error: 'RefreshTokenError' };
        }
      },
      session({ session, token }) {
        return Object.assign(session, { access_token: token['access_token'], error: token['error'] });
      },
    },
  };
}
