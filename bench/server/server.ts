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
    const [, path = '', rest = ''] = /^(\/worlds\/\d+)(\/.*)$/.exec(url.pathname) ?? [];
    const world = worlds.get(path);
    if (!world) return sendFile(response, files.get(url.pathname));
    const apiRequest = { path: rest, query: url.searchParams, authorization: request.headers.authorization ?? '', body: await textOf(request) };
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
      const world = createWorld(`/worlds/${worlds.size + 1}`, origin);
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

async function textOf(request: Http2ServerRequest): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}

function breakOff(request: Http2ServerRequest): void {
  request.stream.close(2); // INTERNAL_ERROR, which a page sees as a broken connection.
}
