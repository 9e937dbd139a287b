import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { cors } from 'hono/cors';
import { listen, type Listening } from '../../browsers/server/listening.ts';
import { APP, CLIENT_ID, ISSUER, PATHS } from './authorization-server.ts';

/** The public origin of the handler. It is on the site of the app. */
export const HANDLER = 'https://session.example.com';
export const REFRESH_COOKIE = 'refresh_token';

const REAL = globalThis.fetch; // Taken before any test replaces it.
const COOKIE = { path: '/session', httpOnly: true, secure: true, sameSite: 'Strict' } as const;

/** What an app's own server could do differently, or wrong. It may change at any time. */
export interface HandlerSettings {
  /** The status of the answer to a refresh without a cookie. */
  withoutCookie: 204 | 401;
  /** Whether pages of the app may send cookies. */
  allowCredentials: boolean;
  /** How long the cookie lives, s. */
  cookieLifetimeS: number;
}

/** A server of the app between its pages and an authorization server. It keeps refresh tokens in a cookie. */
export interface CookieHandler extends Listening {
  readonly settings: HandlerSettings;
}

/**
 * Starts the handler. It forwards token requests, takes the refresh token out of each answer, and puts it into an HttpOnly cookie.
 *
 * @param issuer the address where the authorization server listens
 */
export async function startCookieHandler(issuer: string): Promise<CookieHandler> {
  const settings: HandlerSettings = { withoutCookie: 401, allowCredentials: true, cookieLifetimeS: 86_400 };
  const app = new Hono().basePath('/session');

  const forward = (path: string, fields: Readonly<Record<string, string>>) => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': new URL(ISSUER).host };
    return REAL(issuer + path, { method: 'POST', headers, body: new URLSearchParams({ ...fields, client_id: CLIENT_ID }) });
  };

  /** Sets the next cookie, or removes one that can never work again, and answers without the refresh token. */
  async function answer(context: Context, response: Response): Promise<Response> {
    const { refresh_token: refreshToken, ...rest } = (await response.json()) as { refresh_token?: string; error?: string };
    if (refreshToken !== undefined) setCookie(context, REFRESH_COOKIE, refreshToken, { ...COOKIE, maxAge: settings.cookieLifetimeS });
    if (rest.error === 'invalid_grant') deleteCookie(context, REFRESH_COOKIE, COOKIE);
    return context.body(JSON.stringify(rest), response.status as 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  }

  app.use((context, next) => cors({ origin: APP, credentials: settings.allowCredentials, allowMethods: ['POST'], allowHeaders: ['x-csrf'] })(context, next));
  app.use(async (context, next) => (context.req.header('x-csrf') === '1' ? next() : context.json({ error: 'csrf' }, 403)));

  app.post('/token', async (context) => {
    const fields = (await context.req.parseBody()) as Record<string, string>;
    if (fields['grant_type'] !== 'refresh_token') return answer(context, await forward(PATHS.token, fields));
    const refreshToken = fields['refresh_token'] ?? getCookie(context, REFRESH_COOKIE); // A page that has not moved to the cookie yet sends its own.
    if (refreshToken === undefined) return context.body(null, settings.withoutCookie);
    return answer(context, await forward(PATHS.token, { ...fields, refresh_token: refreshToken }));
  });

  app.post('/sign-out', async (context) => {
    const token = getCookie(context, REFRESH_COOKIE);
    if (token !== undefined) await forward(PATHS.revocation, { token, token_type_hint: 'refresh_token' });
    deleteCookie(context, REFRESH_COOKIE, COOKIE);
    return context.body(null, 204);
  });

  return { ...(await listen(createServer(getRequestListener(app.fetch)))), settings };
}
