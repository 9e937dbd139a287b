import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { genericOAuth } from 'better-auth/plugins';
import pg from 'pg';
import type { Settings } from '../instances/settings.ts';
import { addSetCookie } from './cookies.ts';
import { honoApp, type PeerApp } from './peer.ts';

/** better-auth with Postgres, and the authorization server as a provider of its plugin for OAuth. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const options = optionsOf(settings);
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  const auth = betterAuth(options);
  const accounts = new Map<string, string>();

  /** The account that holds the tokens. It never changes for a user, so each process asks once. */
  async function accountOf(headers: Headers): Promise<string | null> {
    const session = await auth.api.getSession({ headers });
    if (!session) return null;
    const known = accounts.get(session.user.id) ?? (await auth.api.listUserAccounts({ headers }))[0]?.id;
    if (known !== undefined) accounts.set(session.user.id, known);
    return known ?? null;
  }

  return honoApp(settings, {
    async signIn(c) {
      const response = await auth.api.signInSocial({ body: { provider: 'bench', callbackURL: '/plain' }, headers: c.req.raw.headers, asResponse: true });
      addSetCookie(c, response.headers.getSetCookie());
      return c.redirect(((await response.json()) as { url: string }).url);
    },
    async accessToken(c) {
      const { headers } = c.req.raw;
      const accountId = await accountOf(headers);
      return accountId === null ? null : (await auth.api.getAccessToken({ body: { accountId }, headers })).accessToken;
    },
    async renew(c) {
      const { headers } = c.req.raw;
      const accountId = await accountOf(headers);
      return accountId === null ? null : (await auth.api.refreshToken({ body: { accountId }, headers })).accessToken ?? null;
    },
    async signOut(c) {
      const response = await auth.api.signOut({ headers: c.req.raw.headers, asResponse: true });
      addSetCookie(c, response.headers.getSetCookie());
    },
    mount: (app) => void app.on(['GET', 'POST'], '/api/auth/*', (c) => auth.handler(c.req.raw)),
  });
}

function optionsOf({ authority, appOrigin, postgres }: Settings) {
  if (postgres === null) throw new Error('better-auth needs Postgres.');
  return {
    baseURL: appOrigin,
    secret: 'a secret of at least 32 characters, for the benchmark',
    database: new pg.Pool({ connectionString: postgres, max: 10 }),
    logger: { disabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: 'bench',
            clientId: 'bench',
            clientSecret: 'secret',
            discoveryUrl: `${authority}/.well-known/openid-configuration`,
            scopes: ['openid', 'email', 'offline_access'],
            pkce: true,
          },
        ],
      }),
    ],
  } satisfies BetterAuthOptions;
}
