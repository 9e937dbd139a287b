import { getAuth, initOidcAuthMiddleware, oidcAuthMiddleware, revokeSession } from '@hono/oidc-auth';
import type { Context } from 'hono';
import type { Settings } from '../instances/settings.ts';
import { honoApp, type PeerApp } from './peer.ts';

declare module '@hono/oidc-auth' {
  interface OidcAuthClaims {
    accessToken: string;
  }
}

/** `@hono/oidc-auth`, with the access token put into its cookie by its claims hook, and refreshed as often as it expires. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const accessToken = async (c: Context) => ((await getAuth(c))?.['accessToken'] as string | undefined) ?? null;
  return honoApp(settings, {
    signIn: async () => undefined,
    accessToken,
    signOut: (c) => revokeSession(c),
    mount(app) {
      const init = initOidcAuthMiddleware({
        OIDC_AUTH_SECRET: 'a secret of at least 32 characters',
        OIDC_AUTH_REFRESH_INTERVAL: '3600',
        OIDC_ISSUER: settings.authority,
        OIDC_CLIENT_ID: 'bench',
        OIDC_CLIENT_SECRET: 'secret',
        OIDC_REDIRECT_URI: '/callback',
        OIDC_AUTH_EXTERNAL_URL: settings.appOrigin,
      });
      app.use('*', async (c, next) => {
        if (c.req.path === '/plain') return next();
        c.set('oidcClaimsHook', async (orig, claims, response) => ({ sub: claims?.sub ?? orig?.['sub'] ?? '', email: '', accessToken: response.access_token }));
        return init(c, next);
      });
      app.use('*', async (c, next) => (['/plain', '/logout'].includes(c.req.path) ? next() : oidcAuthMiddleware()(c, next)));
    },
  });
}
