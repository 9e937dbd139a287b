import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Events } from './events.ts';

/** One request, of either HTTP version. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly events: Events;
  /** How often each address was requested. */
  readonly counts: Map<string, number>;
}

type Route = (exchange: Exchange) => Promise<void> | void;

const ECHOED = ['accept', 'cache-control', 'pragma', 'content-type', 'content-length', 'cookie', 'if-none-match', 'origin', 'priority', 'referer', 'x-own'];

/** The API of the cases, by the address below `/v1`. */
export const ROUTES: Readonly<Record<string, Route>> = {
  /** Answers with the request that was received. */
  async echo({ request, response, url }) {
    const body = await textOf(request);
    const headers = Object.fromEntries(ECHOED.map((name) => [name, request.headers[name] ?? null]));
    // The boundary of a form is random.
    const boundary = /boundary=(\S+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? '\0';
    const received = JSON.stringify({ method: request.method, path: url.pathname + url.search, headers, body });
    response.writeHead(200, { 'content-type': 'application/json', 'x-own': 'answered' }).end(received.replaceAll(boundary, 'BOUNDARY'));
  },

  status({ request, response, url }) {
    request.resume();
    response.writeHead(Number(url.searchParams.get('code')), { 'content-type': 'text/plain' }).end(url.searchParams.get('text') ?? undefined);
  },

  redirect({ request, response, url }) {
    request.resume();
    response.writeHead(Number(url.searchParams.get('code')), { location: url.searchParams.get('to') ?? '' }).end();
  },

  circle({ response }) {
    response.writeHead(302, { location: 'circle' }).end();
  },

  /** Answers with the names of the headers that the caller gave, as they were on the wire. */
  names({ request, response }) {
    request.resume();
    const names = request.rawHeaders.filter((name, index) => index % 2 === 0 && /^(x-|accept$|content-type$)/i.test(name));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(names.sort()));
  },

  /** Never answers. The server answers a stale token with the first half of a rejection. */
  half({ request, url, events }) {
    request.resume();
    events.emit(`arrived:${url.searchParams.get('id')}`);
  },

  /** Never answers. */
  hang({ request, url, events }) {
    request.resume();
    events.emit(`arrived:${url.searchParams.get('id')}`);
  },

  /** Sends the second half of its answer when the page emits an event. */
  async trickle({ response, url, events }) {
    response.writeHead(200, { 'content-type': 'text/plain' }).write('one ');
    await events.until(`go:${url.searchParams.get('id')}`);
    response.end('two');
  },

  /** Emits an event for the first piece of the body while it waits for the rest. */
  async upload({ request, response, url, events }) {
    request.once('data', () => events.emit(`piece:${url.searchParams.get('id')}`));
    response.writeHead(200, { 'content-type': 'text/plain' }).end(await textOf(request));
  },

  /** Reads the body, and emits an event with it. */
  async kept({ request, response, url, events }) {
    events.emit(`kept:${url.searchParams.get('id')}:${await textOf(request)}`);
    response.writeHead(204).end();
  },

  drop({ request, response }) {
    request.resume();
    response.destroy();
  },

  /** Breaks the connection in the middle of its answer. */
  cut({ response }) {
    response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
  },

  /** Answers how often it was requested. Browsers may cache that for ten minutes. */
  cached({ response, url, counts }) {
    const id = url.searchParams.get('id') ?? '';
    counts.set(id, (counts.get(id) ?? 0) + 1);
    response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'max-age=600' }).end(String(counts.get(id)));
  },
};

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
