import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { generate } from 'selfsigned';
import { AuthoritySessions } from './sessions.ts';
import { createTokens } from './tokens.ts';
import { answer, LOST, type Ask, type Reply } from './routes.ts';

/** The authorization server and the API, over HTTPS, because several peers accept nothing else. */
export interface Authority {
  readonly origin: string;
  /** The certificate, in PEM. */
  readonly certificate: string;
  readonly sessions: AuthoritySessions;
  readonly close: () => Promise<void>;
}

export async function startAuthority(): Promise<Authority> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048, extensions: [{ name: 'basicConstraints', cA: true }, { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }] });
  const tokens = await createTokens();
  let origin = '';
  const sessions = new AuthoritySessions(tokens, () => origin);
  const world = { sessions, tokens, codes: new Map<string, { readonly nonce: string | undefined }>(), origin: () => origin };
  const server = createServer({ key, cert, keepAlive: true }, (request, response) => {
    void read(request).then((ask) => answer(world, ask)).then((reply) => send(response, reply), (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    certificate: cert,
    sessions,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<Ask> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', 'https://localhost');
  const isJson = request.headers['content-type']?.includes('json') === true && text !== '';
  const body = isJson ? (JSON.parse(text) as Record<string, string>) : Object.fromEntries(new URLSearchParams(text));
  return { method: request.method ?? 'GET', path: url.pathname, fields: { ...Object.fromEntries(url.searchParams), ...body }, authorization: request.headers.authorization ?? '' };
}

async function send(response: ServerResponse, reply: Reply | typeof LOST): Promise<void> {
  if (reply === LOST) {
    response.destroy();
    return;
  }
  if (reply.afterMs) await wait(reply.afterMs);
  response.writeHead(reply.status, { 'content-type': 'application/json', 'cache-control': 'no-store', date: new Date().toUTCString(), ...reply.headers });
  response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
}
