import { request as send, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bytes: Buffer;
  /** Whether the connection broke before the end of the body. */
  readonly isBroken: boolean;
}

/** A request as a browser sends it, by a client that changes no header. */
export interface WireRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** Sends a request, and reads the whole answer. */
export function ask(origin: string, path: string, { method = 'GET', headers = {}, body }: WireRequest = {}): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = send(origin, { path, method, headers, agent: false }, (incoming) => {
      const parts: Buffer[] = [];
      const finish = (isBroken: boolean) => {
        const bytes = Buffer.concat(parts);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: bytes.toString(), bytes, isBroken });
      };
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('end', () => finish(false));
      incoming.on('error', () => finish(true));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends bytes over a socket, and resolves to all that comes back until the server closes the connection. */
export function askRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => void socket.write(text));
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
    socket.on('error', reject);
  });
}
