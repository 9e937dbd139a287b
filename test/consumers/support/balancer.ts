import { createServer, request as forward } from 'node:http';
import { pipeline } from 'node:stream';
import { listen, type Site } from './site.ts';

/** Puts several instances of an app behind one address. Each request goes to the next instance. */
export function balance(instances: readonly Site[]): Promise<Site> {
  let count = 0;
  return listen(
    createServer((request, response) => {
      const { port } = new URL(instances[count++ % instances.length]!.origin);
      const { method, url, headers } = request; // With the `Host` that the browser has sent.
      const upstream = forward({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, response, () => upstream.destroy());
      });
      upstream.once('error', () => response.destroy());
      response.once('close', () => upstream.destroy());
      request.pipe(upstream);
    }),
  );
}
