import { oauth2 } from 'unexpired/oauth2';
import { createSessions, memory, type Protocol, type Sessions, type ServerPlatform, type SessionsConfig, type SessionStore, type TokenSet } from 'unexpired/server';
import { createWorld, type Tab, type World } from '../../support/world.ts';

const API = 'https://api.example.com';

export const SECRET = 'correct horse battery staple 0001';

/** An authorization server with one-time refresh tokens: a second use of one ends the session. */
export interface AuthServer {
  /** The refresh tokens that were sent, in order. */
  readonly sent: string[];
  /** How often a spent refresh token was sent. */
  reuses: number;
  /** The access tokens of calls that were answered, in order. */
  readonly accepted: string[];
  /** The access tokens of calls that were rejected, in order. */
  readonly refused: string[];
  /** How long an access token lives, ms. */
  lifetimeMs: number;
  /** Whether a spent refresh token that comes once more gets the same tokens again. */
  hasGrace: boolean;
  /** What the token endpoint answers instead of tokens; `null` for tokens. */
  fault: (() => Response | null) | null;
  /** The access token of a user, which counts the refreshes of the session. */
  readonly grant: (user: string) => { accessToken: string; refreshToken: string; expiresAt: number; scopes: string[] };
  readonly revoke: (accessToken: string) => void;
  /** Whether the session of a user lives at the server. */
  readonly isAlive: (user: string) => boolean;
  readonly revoked: string[];
}

export interface Instances {
  readonly world: World;
  readonly server: AuthServer;
  readonly store: SessionStore;
  readonly protocol: Protocol;
  /** How often each method of the store was called. */
  readonly trips: string[];
  /** Creates the platform of an instance, whose clock is wrong by some ms. */
  readonly platform: (skewMs?: number) => ServerPlatform;
  /** Creates the platform of an instance whose process can be paused, as by SIGSTOP. */
  readonly pausable: () => { readonly platform: ServerPlatform; readonly pause: () => void; readonly resume: () => void };
  /** Starts an instance. All of them share the store. */
  readonly start: (config?: Partial<SessionsConfig>) => Sessions;
}

/** Creates a simulated data centre: instances on clocks of their own, one store, one authorization server. */
export function createInstances(): Instances {
  const { server, serve } = createAuthServer(() => world.now());
  const world = createWorld(serve);
  const trips: string[] = [];
  const store = counted(memory(world.openTab().platform), trips);
  const protocol = { ...oauth2({ resourceOrigins: [API], tokenEndpoint: `${API}/token`, revocationEndpoint: `${API}/revoke`, clientId: 'web' }), subjectOf: ({ accessToken }: TokenSet) => accessToken.split('-')[0] ?? null };
  return {
    world,
    server,
    store,
    protocol,
    trips,
    platform: (skewMs = 0) => platformOf(world, world.openTab(), skewMs),
    pausable() {
      const tab = world.openTab();
      return { platform: platformOf(world, tab, 0), pause: tab.process.freeze, resume: tab.process.thaw };
    },
    start: (config = {}) => createSessions({ protocol, store, secrets: [SECRET], platform: platformOf(world, world.openTab(), 0), ...config }),
  };
}

/** An instance has a machine of its own. Time stands still while it encrypts. */
export function platformOf(world: World, { platform }: Tab, skewMs: number): ServerPlatform {
  const { subtle } = globalThis.crypto;
  const slow = new Proxy(subtle, { get: (_, name) => (...args: unknown[]) => world.working((subtle[name as 'digest'] as (...args: unknown[]) => Promise<unknown>).apply(subtle, args)) });
  const crypto = { subtle: slow, getRandomValues: (array: Uint8Array<ArrayBuffer>) => globalThis.crypto.getRandomValues(array) } as unknown as Crypto;
  const now = () => ({ ...platform.now(), wall: platform.now().wall + skewMs });
  return { ...platform, now, locks: null, openChannel: null, crypto };
}

/** A request that carries the cookie of a `Set-Cookie`. */
export function requestWith(setCookie: string, url = 'https://app.example.com/', init: RequestInit = {}): Request {
  const headers = new Headers(init.headers);
  headers.set('cookie', setCookie.split(';')[0] ?? '');
  return new Request(url, { ...init, headers });
}

function counted(store: SessionStore, trips: string[]): SessionStore {
  const wrap = <A extends readonly unknown[], R>(name: string, run: (...args: A) => R) => (...args: A): R => {
    trips.push(name);
    return run(...args);
  };
  return {
    ...store,
    insert: wrap('insert', store.insert), read: wrap('read', store.read), replace: wrap('replace', store.replace),
    remove: wrap('remove', store.remove), extend: wrap('extend', store.extend), list: wrap('list', store.list),
  };
}

function createAuthServer(now: () => number): { server: AuthServer; serve: (request: Request) => Promise<Response> } {
  const families = new Map<string, { generation: number; isAlive: boolean }>();
  const expiry = new Map<string, number>();

  function issue(user: string, generation: number) {
    const accessToken = `${user}-access-${generation}`;
    expiry.set(accessToken, now() + server.lifetimeMs);
    return { accessToken, refreshToken: `${user}-refresh-${generation}` };
  }

  async function refresh(request: Request): Promise<Response> {
    const token = new URLSearchParams(await request.text()).get('refresh_token') ?? '';
    server.sent.push(token);
    const answer = server.fault?.() ?? null;
    if (answer) return answer;
    const [user = '', , generation] = token.split('-');
    const family = families.get(user);
    const spent = Number(generation) + 1;
    if (family?.isAlive && (family.generation < spent || (server.hasGrace && family.generation === spent))) {
      const { accessToken, refreshToken } = issue(user, (family.generation = spent));
      return Response.json({ access_token: accessToken, refresh_token: refreshToken, expires_in: server.lifetimeMs / 1000, token_type: 'Bearer' });
    }
    if (family?.isAlive) server.reuses++;
    if (family) family.isAlive = false;
    return Response.json({ error: 'invalid_grant' }, { status: 400 });
  }

  function call(request: Request): Response {
    const token = (request.headers.get('authorization') ?? '').slice('Bearer '.length);
    const isGood = (expiry.get(token) ?? 0) > now();
    if (!isGood) server.refused.push(token);
    if (!isGood) return new Response('', { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    server.accepted.push(token);
    return Response.json({ user: token.split('-')[0] });
  }

  const server: AuthServer = {
    sent: [], reuses: 0, accepted: [], refused: [], lifetimeMs: 600_000, hasGrace: false, fault: null, revoked: [],
    grant(user) {
      families.set(user, { generation: 1, isAlive: true });
      return { ...issue(user, 1), expiresAt: now() + server.lifetimeMs, scopes: [] };
    },
    revoke: (accessToken) => void expiry.set(accessToken, 0),
    isAlive: (user) => families.get(user)?.isAlive ?? false,
  };
  return {
    server,
    async serve(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/token') return refresh(request);
      if (pathname === '/revoke') {
        const token = new URLSearchParams(await request.text()).get('token') ?? '';
        server.revoked.push(token);
        const family = families.get(token.split('-')[0] ?? '');
        if (family && token.includes('-refresh-')) family.isAlive = false;
        return new Response();
      }
      return call(request);
    },
  };
}
