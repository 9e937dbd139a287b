import { withApis, type ApisClient } from 'unexpired/apis';
import { createAuthClient, type AuthClient, type AuthClientConfig } from 'unexpired/core';
import { fromTokenResponse, oauth2, type OAuth2Config } from 'unexpired/oauth2';
import { createWorld, type Exchange, type SimulatedPlatform, type Tab, type TabOptions, type World } from './world.ts';

export const MAIN = 'https://api.example.com';
export const FILES = 'https://files.example.com' as const;
export const MAIL = 'https://mail.example.com' as const;
export const TOKEN_ENDPOINT = 'https://id.example.com/oauth/token';
export const LIFETIME_MS = 60_000;

/** The parameters of the further APIs, one in each style of the field. */
export const APIS = { [FILES]: { resource: `${FILES}/` }, [MAIL]: { audience: 'mail', scope: 'mail.read' } };

/** An access token that the server has issued. */
export interface Issued {
  readonly user: string;
  readonly origin: string;
  readonly expiresAt: number;
  readonly grant: Grant;
  isRevoked: boolean;
}

/** A sign-in, from which all tokens of a session come. */
export interface Grant {
  readonly user: string;
  /** How the user was authenticated. */
  readonly acr: string;
  isOver: boolean;
  /** The refresh token that the server accepts. */
  current: string;
}

/** A call that an API has received. */
export interface Received {
  readonly origin: string;
  readonly path: string;
  /** `null` if the token is unknown, such as that of an ended grant. */
  readonly user: string | null;
  readonly status: number;
  /** By how much the token had expired, ms. */
  readonly expiredByMs: number;
}

/** How the authorization server behaves. A test may change it at any time. */
export interface ServerOptions {
  rotates: boolean;
  lifetimeMs: number;
  /** What it answers in place of an access token for an API, by its origin. */
  refusals: Record<string, { readonly status?: number; readonly error: string; readonly suberror?: string }>;
  /** Whether it rotates the refresh token before it refuses an access token, as `oidc-provider` does. */
  rotatesBeforeRefusal: boolean;
  /** The challenge with which an API answers a call whose token is of a grant that was authenticated too weakly; `null` if it accepts it. */
  challengeOf: (received: { readonly origin: string; readonly path: string; readonly grant: Grant }) => string | null;
}

/** Creates an authorization server that detects reuse, with three APIs, each of which accepts only tokens of its own. */
export function createSeveralApis(settings: Partial<OAuth2Config> = {}) {
  const options: ServerOptions = { rotates: true, lifetimeMs: LIFETIME_MS, refusals: {}, rotatesBeforeRefusal: false, challengeOf: () => null };
  const tokens = new Map<string, Issued>();
  const grants = new Map<string, Grant>();
  const received: Received[] = [];
  const requests: Exchange[] = [];
  let count = 0;

  function originOf(fields: URLSearchParams): string {
    if (fields.get('audience') === 'mail') return MAIL;
    return fields.get('resource')?.replace(/\/$/, '') ?? MAIN;
  }

  function issue(grant: Grant, origin: string): object {
    const accessToken = `access-${++count}-${grant.user}`;
    tokens.set(accessToken, { user: grant.user, origin, grant, expiresAt: world.now() + options.lifetimeMs, isRevoked: false });
    return { access_token: accessToken, token_type: 'Bearer', expires_in: options.lifetimeMs / 1000, scope: origin };
  }

  function rotate(grant: Grant): string {
    grant.current = `refresh-${++count}-${grant.user}`;
    grants.set(grant.current, grant);
    return grant.current;
  }

  function refresh(fields: URLSearchParams, cookie: string | null): Response {
    const sent = settings.refreshToken ? /refresh=([^;]+)/.exec(cookie ?? '')?.[1] ?? '' : fields.get('refresh_token') ?? '';
    const grant = grants.get(sent);
    const origin = originOf(fields);
    if (!grant || grant.isOver || grant.current !== sent) {
      if (grant) grant.isOver = true;
      return answer(400, { error: 'invalid_grant' });
    }
    const refusal = options.refusals[origin];
    if (refusal && !options.rotatesBeforeRefusal) return answer(refusal.status ?? 400, refusal);
    const next = options.rotates ? rotate(grant) : sent;
    if (refusal) return answer(refusal.status ?? 400, refusal);
    return settings.refreshToken ? answer(200, issue(grant, origin), cookieOf(next)) : answer(200, { ...issue(grant, origin), ...(next !== sent && { refresh_token: next }) });
  }

  const cookieOf = (refreshToken: string) => ({ 'set-cookie': `refresh=${refreshToken}; Path=/; HttpOnly; Secure; SameSite=Lax` });

  const answer = (status: number, body: object, headers = {}) => Response.json(body, { status, headers: { date: new Date(world.now()).toUTCString(), ...headers } });

  function call({ url, headers }: Request, body: string): Response {
    const { origin, pathname: path } = new URL(url);
    const token = tokens.get((headers.get('authorization') ?? '').slice('Bearer '.length));
    const expiredByMs = world.now() - (token?.expiresAt ?? 0);
    const isAccepted = token && token.origin === origin && !token.grant.isOver && !token.isRevoked && expiredByMs < 0;
    const challenge = isAccepted ? options.challengeOf({ origin, path, grant: token.grant }) : 'Bearer error="invalid_token"';
    received.push({ origin, path, user: token?.user ?? null, status: challenge ? 401 : 200, expiredByMs });
    if (token && token.origin !== origin) misdirected.push(`${token.origin} → ${origin}`);
    return challenge ? new Response('', { status: 401, headers: { 'www-authenticate': challenge } }) : new Response(`${body}${token?.user}`);
  }

  /** The access tokens that an API got although they were for another one. */
  const misdirected: string[] = [];
  const world: World = createWorld(async (request) => (request.url.startsWith(TOKEN_ENDPOINT) ? refresh(new URLSearchParams(await request.text()), request.headers.get('cookie')) : call(request, await request.text())));
  world.onExchange = (exchange) => void (exchange.url.startsWith(TOKEN_ENDPOINT) && !requests.includes(exchange) && requests.push(exchange));
  const protocol = oauth2({ tokenEndpoint: TOKEN_ENDPOINT, clientId: 'app', resourceOrigins: [MAIN], ...settings });

  return {
    world, options, protocol, tokens, received, requests, misdirected,
    /** The number of token requests so far, and the number of those for one API. */
    refreshes: (origin?: string) => requests.filter(({ body }) => origin === undefined || originOf(new URLSearchParams(body ?? '')) === origin).length,
    statuses: (origin: string) => received.filter((one) => one.origin === origin).map(({ status }) => status),
    /** All sign-ins so far. */
    grants: () => new Set(grants.values()),
    grantOf: (refreshToken: string) => grants.get(refreshToken),
    open(config: Partial<AuthClientConfig> = {}, tabOptions: TabOptions = {}, tab: Tab = world.openTab(tabOptions)): { readonly tab: Tab; readonly client: AuthClient; readonly auth: ApisClient<keyof typeof APIS> } {
      const platform = (config.platform ?? tab.platform) as SimulatedPlatform;
      const client = createAuthClient({ protocol, storage: platform.storage, ...config, platform });
      return { tab, client, auth: withApis(client, APIS) };
    },
    /** Gets the first tokens of a user. */
    tokensOf(user: string, acr = 'password') {
      const grant: Grant = { user, acr, isOver: false, current: '' };
      return fromTokenResponse({ ...issue(grant, MAIN), refresh_token: rotate(grant) } as Parameters<typeof fromTokenResponse>[0], world.now());
    },
    signIn(auth: AuthClient, user = 'ada') {
      return world.until(auth.signIn(this.tokensOf(user)));
    },
    /** Puts the refresh token of a user into the cookie, as a sign-in on a page of the server does. */
    inCookie(user: string) {
      const headers = cookieOf(rotate({ user, acr: 'password', isOver: false, current: '' }));
      world.jar?.store(new Request(TOKEN_ENDPOINT, { credentials: 'include' }), new Response('', { headers }));
    },
    /** Makes an API reject the tokens that it has accepted so far. */
    revoke: (origin: string) => tokens.forEach((token) => (token.isRevoked ||= token.origin === origin)),
    storedText: () => JSON.stringify([...world.storage.values.values()]),
  };
}

export type SeveralApis = ReturnType<typeof createSeveralApis>;
