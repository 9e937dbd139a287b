import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { generate } from 'selfsigned';
import { listen } from '../server/listening.ts';

/** The hosts of the tests. Each request to them goes through the proxy, so none leaves this machine. */
export const HOSTS = { app: 'app.example.com', sameSite: 'api.example.com', otherSite: 'api.example.org' } as const;

/** How the API answers a request of another origin. Each is a header's value, or `null` to leave the header out. */
export interface CorsAnswer {
  /** `origin` names the origin of the page. */
  readonly allowOrigin: 'origin' | '*' | null;
  readonly allowCredentials: 'true' | null;
  readonly allowHeaders: string | null;
}

/** Lets pages of any origin send cookies and the anti-CSRF header. */
export const OPEN: CorsAnswer = { allowOrigin: 'origin', allowCredentials: 'true', allowHeaders: 'x-csrf' };

/** The instructions in the address of a request. */
export interface Instructions {
  /** The cookie that the answer sets: name, value and attributes. */
  readonly set?: string;
  readonly preflight?: CorsAnswer;
  readonly answer?: CorsAnswer;
  /** Names the gate that holds the preflight or the request until it is opened. */
  readonly gate?: string;
  readonly hold?: 'preflight' | 'request';
}

/** A request that waits at a gate. */
export interface Held {
  /** Lets the server answer. */
  readonly open: () => void;
  /** Resolves when the browser has closed the connection before the answer. */
  readonly left: Promise<void>;
}

/** The servers of the cookie tests. */
export interface CookieServers {
  /** The port of the proxy for every engine. */
  readonly proxyPort: number;
  /** Two ports of this machine that speak HTTP without TLS. */
  readonly plainPorts: readonly [number, number];
  /** The requests that arrived, as `POST /path`. Instructions are left out. */
  readonly arrived: (path: string) => string[];
  /** Waits for a request at a gate. */
  readonly untilHeld: (gate: string) => Promise<Held>;
  readonly close: () => Promise<void>;
}

/** Starts a proxy, and the servers behind it that answer for every host. */
export async function startCookieServers(): Promise<CookieServers> {
  const log: string[] = [];
  const gates = new Map<string, { readonly held: Promise<Held>; readonly reach: (held: Held) => void }>();
  const gateOf = (name: string) => {
    const gate = gates.get(name) ?? newGate();
    gates.set(name, gate);
    return gate;
  };

  const serve: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method !== 'OPTIONS' && !url.pathname.startsWith('/api')) return showPage(response);
    log.push(`${request.method} ${url.pathname}`);
    const instructions = JSON.parse(url.searchParams.get('how') ?? '{}') as Instructions;
    const send = () => answer(request, response, instructions);
    if (instructions.gate === undefined || instructions.hold !== (request.method === 'OPTIONS' ? 'preflight' : 'request')) return send();
    const left = new Promise<void>((resolve) => response.once('close', () => response.writableEnded || resolve()));
    gateOf(instructions.gate).reach({ open: send, left });
  };

  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  const secure = await listen(createTlsServer({ key, cert }, serve) as Server);
  const plain = [await listen(createServer(serve)), await listen(createServer(serve))] as const;
  const proxy = await listen(proxyTo(secure.port, serve));
  return {
    proxyPort: proxy.port,
    plainPorts: [plain[0].port, plain[1].port],
    arrived: (path) => log.filter((line) => line.endsWith(` ${path}`)),
    untilHeld: (gate) => gateOf(gate).held,
    close: async () => void (await Promise.all([proxy, secure, ...plain].map((server) => server.close()))),
  };
}

function newGate() {
  let reach: (held: Held) => void = () => undefined;
  const held = new Promise<Held>((resolve) => (reach = resolve));
  return { held, reach };
}

function showPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end('<!doctype html><title>Cookies</title><body>A page');
}

/** Answers with the cookies of the request, and with what its instructions name. */
function answer(request: IncomingMessage, response: ServerResponse, { set, preflight = OPEN, answer: own = OPEN }: Instructions): void {
  const { origin, cookie = '' } = request.headers;
  const isPreflight = request.method === 'OPTIONS';
  const cors = isPreflight ? preflight : own;
  const allowed = cors.allowOrigin === 'origin' ? origin : cors.allowOrigin;
  if (origin !== undefined && allowed) response.setHeader('access-control-allow-origin', allowed);
  if (cors.allowCredentials !== null) response.setHeader('access-control-allow-credentials', cors.allowCredentials);
  if (isPreflight && cors.allowHeaders !== null) response.setHeader('access-control-allow-headers', cors.allowHeaders);
  if (!isPreflight && set !== undefined) response.setHeader('set-cookie', set);
  response.writeHead(isPreflight ? 204 : 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(isPreflight ? undefined : JSON.stringify({ cookie }));
}

/** Creates a proxy whose encrypted connections all lead to one port of this machine. */
function proxyTo(port: number, serve: RequestListener): Server {
  const proxy = createServer(serve);
  proxy.on('connect', (_request, socket, head) => {
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const [one, other] of [[upstream, socket], [socket, upstream]] as const) one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  return proxy;
}
