import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';

/** Answers a request; `null` closes the connection without an answer. */
export type Serve = (request: Request) => Promise<Response | null>;

/** Listens on a port of this machine. */
export function listen(port: number, serve: Serve): Server {
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing, serve));
  server.keepAliveTimeout = 60_000;
  return server.listen(port, '127.0.0.1');
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, serve: Serve): Promise<void> {
  try {
    const response = await serve(await requestFrom(incoming));
    if (!response) return void incoming.socket.destroy();
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(await response.text());
  } catch (error) {
    outgoing.writeHead(500, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ error: String(error) }));
  }
}

async function requestFrom(incoming: IncomingMessage): Promise<Request> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, String(value));
  const { method = 'GET', url = '/' } = incoming;
  return new Request(`http://${incoming.headers.host}${url}`, { method, headers, ...(parts.length > 0 ? { body: Buffer.concat(parts) } : {}) });
}
