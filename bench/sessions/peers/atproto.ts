import { randomBytes } from 'node:crypto';
import { NodeOAuthClient, requestLocalLock, TokenInvalidError, TokenRefreshError, TokenRevokedError, type RuntimeLock } from '@atproto/oauth-client-node';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { Redis } from 'ioredis';
import Redlock from 'redlock';
import type { Settings } from '../instances/settings.ts';
import { ISSUER, networkFetch, USER_DID } from './atproto-network.ts';
import { honoApp, type PeerApp } from './peer.ts';

const APP = 'https://app.example';

/** `@atproto/oauth-client-node` with its sessions in Redis. */
function atprotoApp(settings: Settings, redis: Redis, requestLock: RuntimeLock): PeerApp {
  const client = createClient(settings, redis, requestLock);
  const sessionId = (c: Context) => getCookie(c, 'sid') ?? null;
  const userOf = async (c: Context) => {
    const id = sessionId(c);
    return id !== null && (await redis.get(`sid:${id}`)) === USER_DID ? USER_DID : null;
  };

  /** Errors that end the session are an answer; any other one means that there is no token just now. */
  const restored = async (c: Context) => {
    const user = await userOf(c);
    if (!user) return null;
    return client.restore(user).catch((error: unknown) => {
      if (error instanceof TokenRefreshError || error instanceof TokenRevokedError || error instanceof TokenInvalidError) return null;
      throw error;
    });
  };

  return honoApp(settings, {
    async signIn(c) {
      const url = await client.authorize(USER_DID);
      url.searchParams.set('redirect_uri', `${settings.appOrigin}/callback`);
      return c.redirect(url.href.replace(ISSUER, settings.authority));
    },
    accessToken: async (c) => ((await restored(c)) ? 'a token that only the session sends' : null),
    async call(c, url) {
      const session = await restored(c);
      const { pathname, search } = new URL(url);
      return session ? session.fetchHandler(pathname + search) : c.text('signed out', 401);
    },
    async signOut(c) {
      const [id, user] = [sessionId(c), await userOf(c)];
      if (id === null || !user) return;
      await redis.del(`sid:${id}`);
      deleteCookie(c, 'sid', { path: '/' });
      await client.revoke(user);
    },
    mount: (app) =>
      void app.get('/callback', async (c) => {
        await client.callback(new URLSearchParams(new URL(c.req.url).search));
        const id = randomBytes(24).toString('base64url');
        await redis.set(`sid:${id}`, USER_DID, 'EX', 14 * 86_400);
        setCookie(c, 'sid', id, { httpOnly: true, path: '/' });
        return c.redirect('/plain');
      }),
  });
}

function createClient({ authority }: Settings, redis: Redis, requestLock: RuntimeLock): NodeOAuthClient {
  const storeOf = <Value>(prefix: string) => ({
    set: async (key: string, value: Value) => void (await redis.set(`${prefix}:${key}`, JSON.stringify(value))),
    get: async (key: string) => {
      const text = await redis.get(`${prefix}:${key}`);
      return text === null ? undefined : (JSON.parse(text) as Value);
    },
    del: async (key: string) => void (await redis.del(`${prefix}:${key}`)),
  });
  return new NodeOAuthClient({
    clientMetadata: {
      client_id: `${APP}/client-metadata.json`,
      client_uri: APP,
      redirect_uris: [`${APP}/callback`],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'atproto',
      response_types: ['code'],
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      dpop_bound_access_tokens: true,
    },
    fetch: networkFetch(authority),
    handleResolver: { resolve: async () => null },
    stateStore: storeOf('atproto-state'),
    sessionStore: storeOf('atproto-session'),
    requestLock,
  });
}

/** With the lock of its README, which is redlock's. It tries for longer than by default, so that 160 requests at once get it. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const redis = new Redis(settings.redisPort, '127.0.0.1');
  const redlock = new Redlock([redis as never], { retryCount: 200, retryDelay: 50, retryJitter: 50 });
  return atprotoApp(settings, redis, async (key, task) => {
    const lock = await redlock.lock(key, 45_000);
    try {
      return await task();
    } finally {
      await lock.unlock();
    }
  });
}

/** With its lock for one process. */
export const withoutLock = {
  createApp: async (settings: Settings): Promise<PeerApp> => atprotoApp(settings, new Redis(settings.redisPort, '127.0.0.1'), requestLocalLock),
};
