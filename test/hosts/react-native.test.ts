import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createBonfireApi, type BonfireApi } from 'unexpired/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setUpScript } from './support/script.ts';

const script = setUpScript('react-native-app.ts', 'react-native-globals.ts');
let server: Server;
let api: BonfireApi;
let starts = 0;

beforeEach(async () => {
  api = createBonfireApi({ accessTokenLifetimeMs: 600_000 });
  server = createAdaptorServer({
    fetch(request) {
      if (!request.url.endsWith('/control/revoke')) return api.fetch(request);
      api.revokeAccessTokens();
      return new Response('');
    },
  }) as Server;
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  starts++;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Starts the app, which ends by itself. The keychain is that of this test. */
async function start(task: string, ...more: readonly string[]): Promise<unknown> {
  const { port } = server.address() as AddressInfo;
  return JSON.parse(await script.run(task, `http://127.0.0.1:${port}`, script.path(`keychain-${starts}.json`), ...more));
}

const keychain = () => JSON.parse(readFileSync(script.path(`keychain-${starts}.json`), 'utf8')) as Record<string, string>;
const refreshes = () => api.counts.refreshes;

it('an app of React Native is still signed in after a restart', async () => {
  expect(await start('start')).toEqual(['secureStore', 200]);
  expect(await start('restart')).toEqual(['signedIn', 'secureStore', 200]);
  expect(Object.values(keychain()).every((value) => Buffer.byteLength(value) <= 2048)).toBe(true);
  expect(refreshes()).toBe(0);
});

it('an app of React Native repeats 20 rejected calls after one refresh', async () => {
  await start('start');
  expect(await start('replay')).toEqual(Array(20).fill(200));
  expect(await start('restart')).toEqual(['signedIn', 'secureStore', 200]);
  expect(refreshes()).toBe(1);
  expect(api.counts.reuses).toBe(0);
});

it('two clients of an app of React Native share one refresh', async () => {
  await start('start');
  expect(await start('two')).toEqual([200, 200]);
  expect([refreshes(), api.counts.reuses]).toEqual([1, 0]);
});

it.each([1, 2, 3, 4])('an app of React Native that is killed at write %i of its attempt to refresh keeps its session', async (write) => {
  await start('start');
  await expect(start('refresh', String(write))).rejects.toThrow('Command failed');
  expect(refreshes()).toBe(0);
  expect(await start('restart')).toEqual(['signedIn', 'secureStore', 200]);
  expect(await start('refresh')).toBe(true);
  expect(api.counts.reuses).toBe(0);
});

it('an app of React Native repeats a rejected POST with its body', async () => {
  await start('start');
  expect(await start('post')).toBe(201);
  expect(refreshes()).toBe(1);
});

it('an app of React Native refreshes when it comes to the foreground', async () => {
  await start('start');
  expect(await start('wake')).toBe(200);
  expect(refreshes()).toBe(1);
});

it('a call that an app of React Native aborts rejects with an AbortError', async () => {
  await start('start');
  expect(await start('abort')).toBe('AbortError');
});

it('a client that an app of React Native has disposed of says so', async () => {
  await start('start');
  expect(await start('dispose')).toEqual(['disposed', 'disposed', 'disposed']);
});

it('an app of React Native that signs out leaves no token in the keychain', async () => {
  await start('start');
  expect(await start('signOut')).toBe('signedOut');
  expect(JSON.stringify(keychain())).not.toContain('eyJ');
  expect(Object.keys(keychain())).toHaveLength(2);
});

it('the storage of an app of React Native reads a whole text while another client writes', async () => {
  expect(await start('readWhileWriting')).toBe(true);
});

it('an app of React Native without the recipe keeps its session in memory', async () => {
  expect(await start('plain')).toEqual(['memory', 200]);
});
