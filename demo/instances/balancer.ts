import { request as startRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Fleet } from './fleet.ts';
import type { InstanceProcess } from './instance-process.ts';

/** The longest body of a request, bytes. It is kept, so that another instance can get it. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Headers of one connection (RFC 9110 section 7.6.1). */
const OF_CONNECTION: readonly string[] = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'proxy-connection'];

/** A request that may be sent twice (RFC 9110 section 9.2.2). A `POST` may have been done already. */
const CAN_REPEAT: readonly (string | undefined)[] = ['GET', 'HEAD'];

/** Whether the instances answer a path of the page's address. */
export function isForInstances({ url = '/' }: Pick<IncomingMessage, 'url'>): boolean {
  return /^\/(auth|api)\//.test(url);
}

/** Sends a request to an instance, and to the other one if it cannot take it. */
export async function forward({ choose }: Pick<Fleet, 'choose'>, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await readBody(incoming).catch(() => null);
  if (body === null) return refuse(outgoing, 413, 'body_too_large');
  const tried = new Set<InstanceProcess>();
  for (;;) {
    const instance = choose(tried);
    if (!instance) return refuse(outgoing, 503, 'no_instance');
    tried.add(instance);
    const isEvents = incoming.url?.startsWith('/auth/events') ?? false;
    const end = isEvents ? () => undefined : instance.begin();
    const outcome = await send(instance.port() ?? 0, incoming, body, outgoing);
    end(outcome === 'answered' && outgoing.statusCode < 500);
    if (outcome === 'answered') return;
    if (outcome === 'lost' && !CAN_REPEAT.includes(incoming.method)) return refuse(outgoing, 502, 'instance_stopped');
  }
}

/** How a request to an instance has ended. If it was `refused`, the instance has not got it; if it was `lost`, it may have. */
type Outcome = 'answered' | 'refused' | 'lost';

function send(port: number, incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): Promise<Outcome> {
  return new Promise((resolve) => {
    const { method, url, headers } = incoming;
    const sent = startRequest({ host: '127.0.0.1', port, method, path: url, agent: false, headers: { ...passed(headers), ...(body.length > 0 && { 'content-length': body.length }) } });
    const leave = () => sent.destroy(); // The page has given up.
    outgoing.once('close', leave);
    sent.once('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, passed(answer.headers));
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.once('error', () => outgoing.destroy());
      answer.once('close', () => resolve('answered'));
    });
    sent.once('error', (error: NodeJS.ErrnoException) => {
      outgoing.off('close', leave);
      resolve(outgoing.headersSent || outgoing.destroyed ? 'answered' : error.code === 'ECONNREFUSED' ? 'refused' : 'lost');
    });
    sent.end(body);
  });
}

function passed(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.includes(name)));
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError('The body is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function refuse(outgoing: ServerResponse, status: number, error: string): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...(status === 503 && { 'retry-after': '1' }) });
  outgoing.end(JSON.stringify({ error }));
}
