import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An API that answers at once, so that only the way to it takes time. */
export interface PlainApi {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Starts the API. It answers 1 kB of JSON to a request with a token, and also to a direct one of the benchmark. */
export async function startApi(): Promise<PlainApi> {
  const body = JSON.stringify({ text: 'x'.repeat(1000) });
  const server = createServer({ keepAliveTimeout: 60_000 }, ({ headers, url }, response) => {
    const isAllowed = url === '/direct' || (headers.authorization?.startsWith('Bearer ') && !headers.cookie);
    response.writeHead(isAllowed ? 200 : 401, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
