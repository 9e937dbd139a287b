import { getRequestListener } from '@hono/node-server';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { oauth2 } from 'unexpired/oauth2';
import { createSessions, memory, type Sessions, type SessionsConfig, type SessionStore, type TokenSet } from 'unexpired/server';
import { onTestFinished } from 'vitest';
import { listen } from '../../../browsers/server/listening.ts';
import { ask, type WireAnswer, type WireRequest } from './wire.ts';

/** A request as the API got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  /** Resolves to the body, or to `null` if it broke off. */
  readonly body: Promise<string | null>;
}

/** An app with a session and a proxy, and its API, over real HTTP. */
export interface ProxiedApp {
  readonly origin: string;
  readonly port: number;
  readonly apiOrigin: string;
  readonly sessions: Sessions;
  readonly store: SessionStore;
  /** The requests that the API got, in order. */
  readonly received: Received[];
  /** How many refreshes the API has answered. */
  refreshes: number;
  /** Answers a request whose token is good. Default: 200 with JSON, when the body is read. */
  serve: (request: IncomingMessage, response: ServerResponse) => void;
  /** Signs a user in. Returns the headers that the page sends. */
  readonly signIn: (user?: string) => Promise<Record<string, string>>;
  /** Makes the API reject all access tokens that it has issued. */
  readonly revoke: () => void;
  /** Sends a request of the page. */
  readonly ask: (path: string, request?: WireRequest) => Promise<WireAnswer>;
}

/** The configuration of an app, the options of its upstream, and the path of its API. */
export type AppConfig = Partial<SessionsConfig> & { readonly upstream?: object; readonly apiPath?: string };

const SECRET = 'the secret of a test: 9c41f7a2b0';

/** Starts an app. `listener` makes a listener of its proxy; the default is that of Hono. */
export async function startApp(config: AppConfig = {}, listener: (sessions: Sessions) => RequestListener = (sessions) => getRequestListener(sessions.proxy)): Promise<ProxiedApp> {
  const { upstream = {}, apiPath = '/v1', ...rest } = config;
  const issued = new Set<string>();
  const issue = (user: string, generation: number) => {
    const accessToken = `${user}-access-${generation}`;
    issued.add(accessToken);
    return { accessToken, refreshToken: `${user}-refresh-${generation}` };
  };
  const api = await listen(createServer((request, response) => void serveApi(request, response)));
  const protocol = { ...oauth2({ resourceOrigins: [api.origin], tokenEndpoint: `${api.origin}/token`, clientId: 'web' }), subjectOf: ({ accessToken }: TokenSet) => accessToken.split('-')[0] ?? null };
  const store = config.store ?? memory();
  const sessions = createSessions({ protocol, store, secrets: [SECRET], proxy: { '/api': { to: api.origin + apiPath, ...upstream }, '/api/files': { to: `${api.origin}/files` } }, ...rest });
  const server = await listen(createServer(listener(sessions)));
  onTestFinished(async () => {
    await Promise.all([server.close(), api.close()]);
    await sessions.close();
  });

  async function serveApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => undefined); // A connection that breaks is an answer of some tests.
    if (request.url === '/token') {
      app.refreshes++;
      const [user = '', , generation] = (new URLSearchParams((await textOf(request)) ?? '').get('refresh_token') ?? '').split('-');
      const { accessToken, refreshToken } = issue(user, Number(generation) + 1);
      return void response.setHeader('content-type', 'application/json').end(JSON.stringify({ access_token: accessToken, refresh_token: refreshToken, expires_in: 3600, token_type: 'Bearer' }));
    }
    const { method = '', url = '', headers, rawHeaders } = request;
    app.received.push({ method, url, headers, rawHeaders, body: textOf(request) });
    if (issued.has((headers.authorization ?? '').replace('Bearer ', ''))) return app.serve(request, response);
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
  }

  const app: ProxiedApp = {
    origin: server.origin, port: server.port, apiOrigin: api.origin, sessions, store, received: [], refreshes: 0,
    serve: (request, response) => void request.on('end', () => response.setHeader('content-type', 'application/json').end('["a post"]')),
    async signIn(user = 'ann') {
      const { session, setCookie } = await sessions.signIn({ ...issue(user, 1), expiresAt: Date.now() + 3_600_000, scopes: [] });
      return { cookie: setCookie.split(';')[0] ?? '', 'x-session': session.snapshot().session ?? '', 'sec-fetch-site': 'same-origin' };
    },
    revoke: () => issued.clear(),
    ask: (path, request) => ask(server.origin, path, request),
  };
  return app;
}

async function textOf(request: IncomingMessage): Promise<string | null> {
  try {
    let text = '';
    for await (const part of request) text += String(part);
    return text;
  } catch {
    return null;
  }
}
