import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { listen, type Listening } from '../../browsers/server/listening.ts';

export const EMAIL = 'ada@example.com';
export const PASSWORD = 'correct horse';
const LIFETIME_S = 900;

/** An API as teams write it themselves: a login form, JSON, one-time refresh tokens. */
export interface OwnApi extends Listening {
  /** The requests, such as `POST /login`, the newest last. */
  readonly requests: readonly string[];
  /** Makes the API reject each access token that it has issued. */
  readonly revokeAccessTokens: () => void;
  /** Makes the API refuse each refresh token that it has issued. */
  readonly endSessions: () => void;
  /** Answers each request with this HTTP status until it is 0. */
  status: number;
}

/** Starts the API on a free port of this machine. */
export async function startOwnApi(): Promise<OwnApi> {
  const requests: string[] = [];
  const accessTokens = new Set<string>();
  const refreshTokens = new Set<string>();
  const orders: string[] = ['a chair'];

  function grant(context: Context) {
    const [token, refreshToken] = [randomUUID(), randomUUID()];
    accessTokens.add(token);
    refreshTokens.add(refreshToken);
    return context.json({ token, refreshToken, expiresIn: LIFETIME_S });
  }

  const isSignedIn = (context: Context) => accessTokens.has(/^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? '');

  const app = new Hono()
    .use(async (context, next) => {
      requests.push(`${context.req.method} ${context.req.path}`);
      return api.status === 0 ? next() : context.json({ error: 'trouble' }, 503);
    })
    .post('/login', async (context) => {
      const { email, password } = await context.req.json<{ email: string; password: string }>();
      return email === EMAIL && password === PASSWORD ? grant(context) : context.json({ error: 'wrong_credentials' }, 401);
    })
    .post('/refresh', async (context) => {
      const { refreshToken } = await context.req.json<{ refreshToken: string }>();
      return refreshTokens.delete(refreshToken) ? grant(context) : context.json({ error: 'refresh_token_invalid' }, 401);
    })
    .post('/logout', async (context) => {
      refreshTokens.delete((await context.req.json<{ refreshToken: string }>()).refreshToken);
      return context.body(null, 204);
    })
    .get('/orders', (context) => (isSignedIn(context) ? context.json(orders) : context.json({ error: 'token_expired' }, 401)))
    .post('/orders', async (context) => {
      if (!isSignedIn(context)) return context.json({ error: 'token_expired' }, 401);
      orders.push(await context.req.text());
      return context.json(orders, 201);
    });

  const listening = await listen(createAdaptorServer({ fetch: app.fetch }) as Server);
  const api: OwnApi = { ...listening, requests, status: 0, revokeAccessTokens: () => accessTokens.clear(), endSessions: () => refreshTokens.clear() };
  return api;
}
