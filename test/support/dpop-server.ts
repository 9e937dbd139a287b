import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { createAuthClient, defineGrant, memory, type AuthClient, type AuthClientConfig, type AuthStorage } from 'unexpired/core';
import { dpop } from 'unexpired/dpop';
import { fromTokenResponse, oauth2, type OAuth2Config, type TokenResponse } from 'unexpired/oauth2';
import { vi } from 'vitest';
import { createWorld, type Tab, type World } from './world.ts';

export const ORIGIN = 'https://api.example.com';
export const TOKEN_ENDPOINT = 'https://id.example.com/oauth/token';

/** A request with what its proof says. */
export interface Proven {
  readonly url: string;
  readonly method: string;
  readonly body: string;
  readonly authorization: string | null;
  readonly proof: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The thumbprint of the key, or `null` without a proof. */
  readonly jkt: string | null;
  readonly status: number;
}

/** An authorization server and an API that check proofs with `jose`, and a simulated browser in front of them. */
export interface DpopServer {
  readonly world: World;
  readonly requests: Proven[];
  /** The nonce that a side requires, or `null` for none. */
  readonly nonces: { token: string | null; api: string | null };
  /** Whether the server issues bound tokens. */
  isBinding: boolean;
  /** Whether answers have a `Date` that pages can read. */
  hasDate: boolean;
  /** The keys of the browser. */
  readonly keys: AuthStorage;
  /** The status of the answers of a path, in order. */
  readonly answers: (path: string) => number[];
  readonly open: (config?: Partial<AuthClientConfig>, settings?: Partial<OAuth2Config>) => { readonly tab: Tab; readonly auth: AuthClient };
  /** Opens a tab and signs a user in by a password. */
  readonly openSignedIn: (settings?: Partial<OAuth2Config>) => Promise<{ readonly tab: Tab; readonly auth: AuthClient }>;
  readonly signIn: (auth: AuthClient, user?: string) => Promise<void>;
  /** Ends all grants, as an administrator does. */
  readonly endAll: () => void;
  /** The names of the keys that the browser keeps. */
  readonly kept: () => Promise<string[]>;
}

/** Stands still in simulated time while the browser signs, because that happens in another thread. */
function waitForCrypto(world: World): void {
  for (const name of ['digest', 'sign', 'generateKey', 'exportKey', 'importKey'] as const) {
    const run = crypto.subtle[name].bind(crypto.subtle) as (...input: unknown[]) => Promise<unknown>;
    vi.spyOn(crypto.subtle, name).mockImplementation((...input: unknown[]) => world.working(run(...input)) as never);
  }
}

interface Grant {
  readonly user: string;
  readonly jkt: string | null;
  isOver: boolean;
}

/** Creates both servers. Refresh tokens rotate, and a refresh token that is sent twice ends its grant. */
export function createDpopServer(): DpopServer {
  const world = createWorld(serve);
  waitForCrypto(world);
  const [refreshTokens, accessTokens, used] = [new Map<string, { grant: Grant; isUsed: boolean }>(), new Map<string, { grant: Grant; isBound: boolean; until: number }>(), new Set<string>()];
  let issued = 0;

  async function claimsOf(request: Request, nonce: string | null, ath: string | null) {
    const proof = request.headers.get('dpop');
    if (proof === null) return { proof, claims: {}, jkt: null, error: null };
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'], currentDate: new Date(0) });
    const { origin, pathname } = new URL(request.url);
    const isRight = payload['htm'] === request.method && payload['htu'] === origin + pathname && payload['ath'] === (ath === null ? undefined : await sha256(ath))
      && Math.abs((payload.iat ?? 0) - world.now() / 1000) < 10 && !used.has(payload.jti ?? '') && !('d' in (protectedHeader.jwk ?? {}));
    used.add(payload.jti ?? '');
    const error = nonce !== null && payload['nonce'] !== nonce ? 'use_dpop_nonce' : isRight ? null : 'invalid_dpop_proof';
    return { proof, claims: payload, jkt: await calculateJwkThumbprint(protectedHeader.jwk ?? {}), error };
  }

  async function serve(request: Request): Promise<Response> {
    const isToken = request.url.startsWith('https://id.');
    const authorization = request.headers.get('authorization');
    const [, scheme = '', token = ''] = /^(\w+) (.+)$/.exec(authorization ?? '') ?? [];
    const nonce = isToken ? server.nonces.token : server.nonces.api;
    const proven = await claimsOf(request, nonce, isToken ? null : token);
    const body = await request.clone().text();
    const response = isToken ? grant(new URLSearchParams(body), proven) : call(scheme, token, proven, body);
    if (nonce !== null) response.headers.set('dpop-nonce', nonce);
    if (server.hasDate) response.headers.set('date', new Date(world.now()).toUTCString());
    server.requests.push({ url: request.url, method: request.method, body, authorization, ...proven, status: response.status });
    return response;
  }

  function grant(fields: URLSearchParams, { jkt, error }: { readonly jkt: string | null; readonly error: string | null }): Response {
    if (error !== null) return Response.json({ error }, { status: 400 });
    if (fields.get('token') !== null) return new Response();
    const sent = refreshTokens.get(fields.get('refresh_token') ?? '');
    if (fields.get('grant_type') === 'refresh_token') {
      if (sent?.isUsed) sent.grant.isOver = true;
      if (!sent || sent.grant.isOver || (sent.grant.jkt !== null && sent.grant.jkt !== jkt)) return Response.json({ error: 'invalid_grant' }, { status: 400 });
      sent.isUsed = true;
    }
    const of: Grant = sent ? Object.assign(sent.grant, { jkt: sent.grant.jkt ?? jkt }) : { user: fields.get('username') ?? '', jkt, isOver: false };
    const isBound = server.isBinding && jkt !== null;
    const [access, refresh] = [`access-${++issued}`, `refresh-${issued}`];
    accessTokens.set(access, { grant: of, isBound, until: world.now() + 60_000 });
    refreshTokens.set(refresh, { grant: of, isUsed: false });
    return Response.json({ access_token: access, refresh_token: refresh, token_type: isBound ? 'DPoP' : 'Bearer', expires_in: 60, user: of.user });
  }

  function call(scheme: string, token: string, { jkt, error }: { readonly jkt: string | null; readonly error: string | null }, body: string): Response {
    const known = accessTokens.get(token);
    const refuse = (code: string) => new Response('', { status: 401, headers: { 'www-authenticate': `${known?.isBound ? 'DPoP' : 'Bearer'} error="${code}", algs="ES256"` } });
    if (!known || known.until <= world.now()) return refuse('invalid_token');
    if (scheme !== (known.isBound ? 'DPoP' : 'Bearer') || (known.isBound && known.grant.jkt !== jkt)) return refuse('invalid_token');
    return known.isBound && error !== null ? refuse(error) : Response.json({ user: known.grant.user, body });
  }

  const server: DpopServer = {
    world,
    requests: [],
    nonces: { token: null, api: null },
    isBinding: true,
    hasDate: true,
    keys: memory(),
    answers: (path) => server.requests.filter(({ url }) => new URL(url).pathname === path).map(({ status }) => status),
    open(config = {}, settings = {}) {
      const tab = world.openTab();
      const protocol = oauth2({ tokenEndpoint: TOKEN_ENDPOINT, revocationEndpoint: 'https://id.example.com/oauth/revoke', clientId: 'app', resourceOrigins: [ORIGIN], dpop: dpop({ keys: server.keys }), ...settings });
      return { tab, auth: createAuthClient({ protocol, storage: tab.platform.storage, platform: tab.platform, ...config }) };
    },
    async openSignedIn(settings) {
      const opened = server.open({}, settings);
      await server.signIn(opened.auth);
      return opened;
    },
    async signIn(auth, user = 'ada') {
      await world.until(auth.signIn(passwordGrant(user)));
      await world.advance(10);
    },
    endAll() {
      for (const { grant: over } of refreshTokens.values()) over.isOver = true;
    },
    kept: async () => Object.keys((await server.keys.read('keys') ?? {}) as object),
  };
  return server;
}

/** A grant of the app's own, by a user's name. */
export const passwordGrant = (user: string) =>
  defineGrant({
    request: { url: TOKEN_ENDPOINT, method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ grant_type: 'password', username: user }).toString() },
    read: ({ status, body, now }) => (status === 200 ? { kind: 'granted', tokens: { user: fromTokenResponse(JSON.parse(body) as TokenResponse, now) } } : { kind: 'refused', apiCode: `${(JSON.parse(body) as { error: string }).error}` }),
  });

async function sha256(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('base64url');
}
