import { createSecureServer } from 'node:http2';
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate.ts';
import { createEvents } from './events.ts';
import { ROUTES } from './routes.ts';

/** The server of the cases: one API at two origins. */
export interface FidelityServer {
  /** The page's own origin, on HTTP/2, because Chromium streams request bodies only there. */
  readonly home: string;
  /** Another origin that may get the token, on HTTP/1.1. */
  readonly other: string;
  /** Resolves when the page has emitted an event. */
  readonly until: (event: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts both origins. `script` is the page's. */
export async function startServer({ key, cert }: Certificate, script: string): Promise<FidelityServer> {
  const events = createEvents();
  const counts = new Map<string, number>();

  const answer: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'https://fidelity');
    const [, top, name = ''] = url.pathname.split('/');
    allowOrigin(request.headers.origin, response);
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method']) return void response.writeHead(204, PREFLIGHT).end();
    if (url.pathname === '/v1/') return void response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'crumb=1; Path=/; Secure' }).end(PAGE);
    if (url.pathname === '/page.js') return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    if (url.pathname === '/token' || url.pathname === '/v1/oauth') return void response.writeHead(200, { 'content-type': 'application/json' }).end(TOKENS);
    if (url.pathname === '/emit') return void response.writeHead(204).end(events.emit(url.search.slice(1)));
    if (url.pathname === '/until') return void events.until(url.search.slice(1)).then(() => response.writeHead(204).end());
    if (isRejected(request.headers.authorization, url, counts)) {
      request.resume();
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' });
      return void (name === 'half' ? response.write(REJECTION.slice(0, 9)) : response.end(REJECTION));
    }
    const route = top === 'v1' && Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
    if (!route) return void response.writeHead(404, { 'content-type': 'text/plain' }).end(`nothing at ${url.pathname}${url.search}`);
    // A request that its sender aborts is not an error of the server.
    void Promise.resolve(route({ request, response, url, events, counts })).catch(() => response.destroy());
  };

  // Node's HTTP/2 compatibility API has the same request and response members that are used here.
  const servers = [createSecureServer({ key, cert }, answer as never), createServer({ key, cert }, answer)] as unknown as [Server, Server];
  const sockets = new Set<{ destroy: () => void }>();
  for (const server of servers) server.on('connection', (socket) => sockets.add(socket));
  const [home, other] = await Promise.all([listen(servers[0]), listen(servers[1])]);
  return {
    home,
    other,
    until: events.until,
    close: async () => {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy(); // Otherwise a request that hangs on purpose would keep the server open.
      await Promise.all(closed);
    },
  };
}

const PAGE = '<!doctype html><title>Fidelity</title><script type="module" src="/page.js"></script>';
/** The answer to a refresh, in the form of both protocols. */
const TOKENS = JSON.stringify({
  ...{ access_token: 'good', token_type: 'Bearer', expires_in: 3600, refresh_token: 'next' },
  data: { attributes: { access_token: 'good', refresh_token: 'next', expires_at: new Date(Date.now() + 3_600_000).toISOString() } },
});
/** The body of a rejection. Only `bonfire` reads it. */
const REJECTION = '{"error":{"code":450}}';
const PREFLIGHT = { 'access-control-allow-methods': 'GET, POST, PUT, DELETE', 'access-control-allow-headers': 'authorization, content-type, x-own, x-trace-id' };

/** Whether a send is rejected: it has a stale token, or it is the first send of a call that is to be rejected once. */
function isRejected(authorization: string | undefined, { searchParams }: URL, counts: Map<string, number>): boolean {
  const once = searchParams.get('once');
  if (authorization === undefined || once === null) return authorization === 'Bearer stale';
  const sends = (counts.get(once) ?? 0) + 1;
  counts.set(once, sends);
  return sends === 1;
}

function allowOrigin(origin: string | undefined, response: { setHeader: (name: string, value: string) => unknown }): void {
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', 'www-authenticate, x-own');
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`https://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
