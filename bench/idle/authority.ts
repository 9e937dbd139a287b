import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metadataOf } from './metadata.ts';
import { ACCESS_MS, IDLE_MS } from './times.ts';

/** A browser with an authorization server and an API of its own. */
export interface IdleWorld {
  /** The address of the app, with a slash at its end. */
  readonly app: string;
  /** When the API accepted a call, with its body, epoch ms. */
  readonly calls: { readonly at: number; readonly body: string }[];
  /** Ends all sessions at the authorization server, and rejects all tokens. */
  readonly endSessions: () => void;
}

/** The server of the pages, with any number of worlds. */
export interface Authority {
  readonly openWorld: (script: string) => IdleWorld;
  readonly close: () => Promise<void>;
}

interface State extends IdleWorld {
  readonly script: string;
  /** Tokens that are accepted, and until when, epoch ms. */
  readonly tokens: Map<string, number>;
  /** What the page asked for with each code. */
  readonly codes: Map<string, URLSearchParams>;
  /** Until when the session in the browser lasts at the authorization server, epoch ms. Each token answer prolongs it. */
  sessionUntil: number;
  /** When the user last signed in, epoch s. */
  signedInAt: number;
}

type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

const json = (body: unknown, status = 200): Answer => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const redirect = (location: string): Answer => ({ status: 302, headers: { location } });

/** Starts it. A refresh token lives as long as the idle limit, as with Keycloak, and each refresh begins that time again. */
export async function startAuthority(files: ReadonlyMap<string, string>): Promise<Authority> {
  const worlds = new Map<string, State>();
  const server: Server = createServer((request, response) => void serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error))));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    const file = files.get(url.pathname);
    if (file !== undefined) return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(file);
    const [, path = '', rest = ''] = /^(\/w\/\d+)(\/.*)$/.exec(url.pathname) ?? [];
    const world = worlds.get(path);
    const { status, headers, body } = world ? answer(world, rest, url.searchParams, await textOf(request), request.headers.authorization ?? '') : { status: 404 } as Answer;
    response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    openWorld(script) {
      const path = `/w/${worlds.size + 1}`;
      const tokens = new Map<string, number>();
      const world: State = {
        app: `${origin}${path}/`, script, tokens, calls: [], codes: new Map(), sessionUntil: 0, signedInAt: 0,
        endSessions() {
          tokens.clear();
          world.sessionUntil = 0;
        },
      };
      worlds.set(path, world);
      return world;
    },
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

function answer(world: State, path: string, query: URLSearchParams, body: string, authorization: string): Answer {
  const fields = new URLSearchParams(body);
  if (path === '/as/.well-known/openid-configuration') return json(metadataOf(world.app));
  if (path === '/as/authorize') return authorize(world, query);
  if (path === '/as/token') return token(world, fields);
  if (path === '/as/logout') return logout(world, query);
  if (path === '/as/revoke' || path === '/as/userinfo') return json({ sub: 'ember' });
  if (path === '/api/call') return call(world, body, authorization);
  if (path === '/grant') return json(tokensOf(world, null));
  return { status: 200, headers: { 'content-type': 'text/html' }, body: `<!doctype html><meta charset="utf-8"><title>idle</title><link rel="icon" href="data:,"><body style="height:100vh"><div id="root"></div><script type="module" src="${world.script}"></script>` };
}

/** Signs the user in without a page of its own, because that is not measured. */
function authorize(world: State, query: URLSearchParams): Answer {
  const isSignedIn = Date.now() < world.sessionUntil;
  const target = new URL(query.get('redirect_uri') ?? '');
  const parameters = new URLSearchParams({ state: query.get('state') ?? '', iss: `${world.app}as` });
  if (query.get('prompt') === 'none' && !isSignedIn) parameters.set('error', 'login_required');
  else {
    const code = crypto.randomUUID();
    world.codes.set(code, query);
    world.sessionUntil = Date.now() + IDLE_MS;
    parameters.set('code', code);
    parameters.set('session_state', 'of-the-browser');
  }
  if (query.get('response_mode') === 'fragment') target.hash = parameters.toString();
  else for (const [name, value] of parameters) target.searchParams.set(name, value);
  return redirect(target.href);
}

function token(world: State, fields: URLSearchParams): Answer {
  if (fields.get('grant_type') === 'refresh_token') {
    const isGood = (world.tokens.get(fields.get('refresh_token') ?? '') ?? 0) > Date.now();
    return isGood ? json(tokensOf(world, null)) : json({ error: 'invalid_grant' }, 400);
  }
  const asked = world.codes.get(fields.get('code') ?? '');
  return asked ? json(tokensOf(world, asked)) : json({ error: 'invalid_grant' }, 400);
}

function tokensOf(world: State, asked: URLSearchParams | null) {
  const now = Date.now();
  const isNew = now > world.sessionUntil;
  world.sessionUntil = now + IDLE_MS;
  const iat = Math.floor(now / 1000);
  if (isNew || world.signedInAt === 0) world.signedInAt = iat;
  const claims = { iss: `${world.app}as`, sub: 'ember', aud: 'idle', azp: 'idle', sid: 'of-the-browser', iat, auth_time: world.signedInAt, nonce: asked?.get('nonce') ?? undefined };
  const issue = (typ: string, lifeMs: number) => {
    const jwt = jwtOf({ ...claims, typ, jti: crypto.randomUUID(), exp: Math.floor((now + lifeMs) / 1000) });
    world.tokens.set(jwt, now + lifeMs);
    return jwt;
  };
  return { token_type: 'Bearer', expires_in: ACCESS_MS / 1000, refresh_expires_in: IDLE_MS / 1000, scope: 'openid', access_token: issue('Bearer', ACCESS_MS), refresh_token: issue('Refresh', IDLE_MS), id_token: issue('ID', ACCESS_MS) };
}

function jwtOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT', kid: 'one' })}.${part(claims)}.${Buffer.from('not verified by any of the clients').toString('base64url')}`;
}

function logout(world: State, query: URLSearchParams): Answer {
  world.endSessions();
  const target = new URL(query.get('post_logout_redirect_uri') ?? world.app);
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return redirect(target.href);
}

function call(world: State, body: string, authorization: string): Answer {
  const isGood = (world.tokens.get(authorization.replace('Bearer ', '')) ?? 0) > Date.now();
  if (!isGood) return { ...json({ error: 'invalid_token' }, 401), headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer error="invalid_token"' } };
  world.calls.push({ at: Date.now(), body });
  return json({ ok: true });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}
