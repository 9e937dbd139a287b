import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { forward } from '../../demo/instances/balancer.ts';
import type { InstanceProcess } from '../../demo/instances/instance-process.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

function listen(serve: RequestListener): Promise<number> {
  const server = createServer(serve);
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** Starts a balancer in front of instances that answer in this order. Returns its address, and the requests that each instance got. */
async function balance(...instances: readonly RequestListener[]) {
  const seen: string[] = [];
  const ports = await Promise.all(instances.map((serve, index) => listen((incoming, outgoing) => {
    seen.push(`${index + 1} ${incoming.method} ${incoming.headers.host}`);
    serve(incoming, outgoing);
  })));
  const processes = ports.map((port) => ({ port: () => port, begin: () => () => undefined }) as unknown as InstanceProcess);
  const choose = (tried: ReadonlySet<InstanceProcess>) => processes.find((instance) => !tried.has(instance)) ?? null;
  const port = await listen((incoming, outgoing) => void forward({ choose }, incoming, outgoing));
  return { url: `http://127.0.0.1:${port}/api/posts`, host: `127.0.0.1:${port}`, seen };
}

const crash: RequestListener = (incoming) => incoming.socket.destroy();
const echo: RequestListener = (incoming, outgoing) => void incoming.pipe(outgoing.writeHead(201, { 'x-answer': 'yes' }));

describe('the balancer of the demo', () => {
  it('passes on the method, the host, the body, the status and the headers', async () => {
    const { url, host, seen } = await balance(echo);
    const answer = await fetch(url, { method: 'POST', body: 'a post' });
    expect([answer.status, answer.headers.get('x-answer'), await answer.text()]).toEqual([201, 'yes', 'a post']);
    expect(seen).toEqual([`1 POST ${host}`]);
  });

  it('sends a GET to the other instance if the first one ends before its answer', async () => {
    const { url, host, seen } = await balance(crash, echo);
    expect((await fetch(url)).status).toBe(201);
    expect(seen).toEqual([`1 GET ${host}`, `2 GET ${host}`]);
  });

  it('answers a POST with 502 if its instance ends, because it may have been done', async () => {
    const { url, host, seen } = await balance(crash, echo);
    const answer = await fetch(url, { method: 'POST', body: 'a post' });
    expect([answer.status, await answer.json()]).toEqual([502, { error: 'instance_stopped' }]);
    expect(seen).toEqual([`1 POST ${host}`]);
  });

  it('answers 503 with Retry-After if there is no instance', async () => {
    const { url } = await balance();
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('breaks an answer off if its instance ends in the middle of it', async () => {
    const { url } = await balance((incoming, outgoing) => void outgoing.writeHead(200).write('half', () => incoming.socket.destroy()), echo);
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
  });
});
