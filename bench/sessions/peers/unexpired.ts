import { Redis } from 'ioredis';
import pg from 'pg';
import { oauth2 } from '../../../dist/oauth2.js';
import { createSessions, errorResponse, memory, type SessionStore } from '../../../dist/server.js';
import { postgres, postgresSchema } from '../../../dist/server-postgres.js';
import { redis } from '../../../dist/server-redis.js';
import type { Settings } from '../instances/settings.ts';
import { addSetCookie } from './cookies.ts';
import { honoApp, type PeerApp } from './peer.ts';
import { sampleTokens, signInTokens } from './tokens.ts';

/** `unexpired/server` from the build, with one of its stores. */
function unexpiredApp(settings: Settings, store: SessionStore): PeerApp {
  const { authority, api } = settings;
  const protocol = oauth2({ resourceOrigins: [authority], tokenEndpoint: `${authority}/token`, clientId: 'bench', revocationEndpoint: `${authority}/revoke` });
  const sessions = createSessions({ protocol, store, secrets: ['a secret of at least 32 characters'], allowedOrigins: [api], proxy: { '/proxied': { to: api } } });
  const signIn = (tokens: Awaited<ReturnType<typeof signInTokens>>, request?: Request) => sessions.signIn({ ...tokens, scopes: [] }, request);
  return honoApp(settings, {
    async signIn(c) {
      addSetCookie(c, (await signIn(await signInTokens(settings), c.req.raw)).setCookie);
      return undefined;
    },
    accessToken: async (c) => (await sessions.of(c.req.raw)).getAccessToken(),
    call: async (c, url) => (await sessions.of(c.req.raw)).fetch(url),
    async signOut(c) {
      addSetCookie(c, (await (await sessions.of(c.req.raw)).signOut()).setCookie);
    },
    mount: (app) => void app.get('/proxied/*', (c) => sessions.proxy(c.req.raw)),
    answer: errorResponse,
    async signInMany(count) {
      for (let left = count; left > 0; left -= 100) await Promise.all(Array.from({ length: Math.min(left, 100) }, () => signIn(sampleTokens())));
    },
  });
}

export async function createApp(settings: Settings): Promise<PeerApp> {
  return unexpiredApp(settings, redis(new Redis(settings.redisPort, '127.0.0.1')));
}

export const inPostgres = {
  async createApp(settings: Settings): Promise<PeerApp> {
    if (settings.postgres === null) throw new Error('This peer needs Postgres.');
    const pool = new pg.Pool({ connectionString: settings.postgres, max: 10 });
    await pool.query(postgresSchema());
    return unexpiredApp(settings, postgres(pool));
  },
};

export const inMemory = { createApp: async (settings: Settings): Promise<PeerApp> => unexpiredApp(settings, memory()) };
