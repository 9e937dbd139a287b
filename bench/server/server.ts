import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { answer } from './routes.ts';
import { createWorld, type World } from './world.ts';

/** A file for pages. */
export interface PageFile {
  readonly type: string;
  readonly text: string;
}

/** The server of a benchmark: pages and any number of APIs, over HTTP/2. */
export interface BenchServer {
  readonly origin: string;
  openWorld(): World;
  close(): Promise<void>;
}

/** Starts the server on a free port, with a certificate that only the benchmark trusts. */
export async function startServer(files: ReadonlyMap<string, PageFile>): Promise<BenchServer> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  const worlds = new Map<string, World>();
  const server = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error(error);
      response.stream?.close();
    });
  });

  async function serve(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
    const url = new URL(request.url, 'https://localhost');
    const [, path = '', rest = ''] = /^(\/world-\d+)(\/.*)$/.exec(url.pathname) ?? [];
    const file = files.get(url.pathname);
    if (file) return sendFile(response, file);
    const body = await textOf(request);
    const world = worlds.get(path) ?? worlds.get(clientIdIn(body));
    if (!world) return sendFile(response, undefined);
    const apiRequest = { path: rest || url.pathname, query: url.searchParams, authorization: request.headers.authorization ?? '', body };
    const answered = await answer(world, apiRequest);
    if (!answered) return breakOff(request);
    response.writeHead(answered.status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...answered.headers });
    response.end(JSON.stringify(answered.body ?? {}));
  }

  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    openWorld() {
      const world = createWorld(`/world-${worlds.size + 1}`, origin);
      worlds.set(world.path, world);
      return world;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function sendFile(response: Http2ServerResponse, file: PageFile | undefined): void {
  response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' });
  response.end(file?.text ?? '');
}

/** The client ID of a JSON body. It names the world if the address cannot, because WorkOS has one fixed path for token requests. */
function clientIdIn(body: string): string {
  return body.startsWith('{') ? String((JSON.parse(body) as { client_id?: unknown }).client_id) : '';
}

async function textOf(request: Http2ServerRequest): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}

function breakOff(request: Http2ServerRequest): void {
  request.stream.close(2); // INTERNAL_ERROR, which a page sees as a broken connection.
}
