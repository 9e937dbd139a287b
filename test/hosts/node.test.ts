import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { setUpScript } from './support/script.ts';

const script = setUpScript('node-script.ts');
let server: Server;
let requests: string[];
let refused: () => void;
let mode: 'works' | 'breaks' | 'breaksOnce';

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    requests.push(url);
    if (url === '/break') mode = 'breaks';
    if (url === '/break-once') mode = 'breaksOnce';
    if (url === '/refresh-failed') return void (refused = () => response.end());
    if (url !== '/token' || mode === 'works') return void response.end(JSON.stringify({ access_token: 'new', token_type: 'Bearer', expires_in: 3600 }));
    if (mode === 'breaksOnce') mode = 'works';
    response.writeHead(503).end(() => refused());
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  requests = [];
  mode = 'works';
  refused = () => undefined;
});

const run = (task: string) => script.run(task, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

it.each([
  ['has a refresh scheduled', 'call', '200', ['/orders']],
  ['has listeners', 'listen', 'signedIn', []],
  ['has two clients with one key, and a channel between them', 'share', 'signedIn', []],
  ['has refreshed', 'refresh', '200', ['/token', '/orders']],
  ['waits to retry a refresh that failed', 'fail', 'signedIn', ['/break', '/refresh-failed', '/token']],
  ['keeps its session in memory, because storage is full', 'full', 'memory', []],
])('a Node script whose client %s ends by itself', async (_what, task, output, expected) => {
  expect(await run(task)).toBe(output);
  expect(requests).toEqual(expected);
});

it('a Node script whose client revokes the tokens ends after the request', async () => {
  expect(await run('signOut')).toBe('signedOut');
  expect(new Set(requests)).toEqual(new Set(['/revoke']));
});

it('a Node script does not end before a call that waits for the retry of a refresh is settled', async () => {
  expect(await run('wait')).toBe('200');
  expect(requests).toEqual(['/break-once', '/token', '/token', '/orders']);
});
