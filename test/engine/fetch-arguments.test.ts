import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { bonfire } from 'unexpired/bonfire';
import { browserPlatform, createAuthClient, memory, type AuthClient } from 'unexpired/core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { rejection } from '../support/setup.ts';

const REJECTION = '{"error":{"code":450}}';
const TOKENS = JSON.stringify({ data: { attributes: { access_token: 'good', refresh_token: 'next' } } });

let origin: string;
let auth: AuthClient;
/** The names and values of the headers of each request, as they were on the wire. */
let received: (readonly [name: string, value: string])[][];
let statuses: number[];

beforeEach(async () => {
  [received, statuses] = [[], []];
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/v1/oauth') return void response.writeHead(200, { 'content-type': 'application/json' }).end(TOKENS);
    const { rawHeaders: raw } = request;
    received.push(raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : [])));
    const status = request.headers.authorization === 'Bearer revoked' ? 401 : 200;
    statuses.push(status);
    response.writeHead(status).end(status === 401 ? REJECTION : 'fine');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  auth = createAuthClient({ protocol: bonfire({ baseUrl: `${origin}/v1`, appKey: 'app-key' }), storage: memory(), platform: browserPlatform() });
  onTestFinished(() => {
    auth.dispose();
    server.closeAllConnections();
    server.close();
  });
  await auth.signIn({ accessToken: 'revoked', refreshToken: 'first', expiresAt: null, scopes: [] });
});

const given = (headers: readonly (readonly [string, string])[]) => headers.filter(([name]) => !/^(authorization|host|connection)$/i.test(name));

describe('the headers of a call', () => {
  class Own {
    readonly 'X-Trace-Id' = '1';
  }
  it.each<[string, () => RequestInit]>([
    ['an object', () => ({ headers: { 'X-Trace-Id': '1', 'Content-Type': 'text/x-own', ACCEPT: '*/*' } })],
    ['an object of a class', () => ({ headers: new Own() as never })],
    ['pairs', () => ({ headers: [['X-Trace-Id', '1'], ['x-trace-id', '2'], ['Accept', 'a']] })],
    ['a Map', () => ({ headers: new Map([['X-Trace-Id', '1']]) as never })],
    ['a generator', () => ({ headers: (function* () { yield ['X-Trace-Id', '1']; })() as never })],
    ['an object beside a text', () => ({ method: 'POST', body: 'text', headers: { 'X-Trace-Id': '1', 'Content-TYPE': 'text/x-own' } })],
    ['an object beside bytes', () => ({ method: 'POST', body: new Uint8Array(4), headers: { 'X-Trace-Id': '1' } })],
    ['values that are not text', () => ({ headers: { 'X-Number': 1, 'X-Null': null, 'X-Undefined': undefined } as never })],
    ['none', () => ({})],
  ])('arrive as those of fetch do in both sends, upper case included, when they are %s', async (_, init) => {
    await fetch(`${origin}/v1/posts`, init());
    await auth.fetch('/posts', init());
    const [natively = [], ...ours] = received.map(given);
    expect(statuses.slice(1)).toEqual([401, 200]);
    expect(ours).toEqual([natively, natively]);
  });

  it('arrive with their values when they are a Headers object, whose names are in lower case by the standard', async () => {
    await auth.fetch('/posts', { headers: new Headers({ 'X-Trace-Id': '1' }) });
    expect(received.map((headers) => headers.find(([name]) => /trace/i.test(name)))).toEqual([['x-trace-id', '1'], ['x-trace-id', '1']]);
  });

  it('keep the case of a Request', async () => {
    const request = () => new Request(`${origin}/v1/posts`, { headers: { 'X-Trace-Id': '1' } });
    await fetch(request());
    await auth.fetch(request());
    const [natively = [], ...ours] = received.map(given);
    expect(ours).toEqual([natively, natively]);
  });

  it('keep their case through interceptors', async () => {
    auth.intercept((request, next) => next(request));
    auth.intercept({ interceptor: (request, next) => next(request), scope: 'send' });
    await auth.fetch('/posts', { headers: { 'X-Trace-Id': '1' } });
    expect(received.map((headers) => headers.find(([name]) => /trace/i.test(name))?.[0])).toEqual(['X-Trace-Id', 'X-Trace-Id']);
  });

  it.each(['Authorization', 'AUTHORIZATION', 'authorization'])('are sent once and unchanged when the caller gives an own %s', async (name) => {
    for (const headers of [{ [name]: 'Basic own' }, [[name, 'Basic own']] as [string, string][]]) await auth.fetch('/posts', { headers });
    expect(received.map((all) => all.filter(([own]) => /^authorization$/i.test(own)))).toEqual([[[name, 'Basic own']], [[name, 'Basic own']]]);
  });
});

describe('a call whose signal is already aborted', () => {
  it.each<[string, (fetch: typeof globalThis.fetch, signal: AbortSignal) => Promise<Response>]>([
    ['an address', (send, signal) => send(`${origin}/v1/posts`, { signal })],
    ['a text', (send, signal) => send(`${origin}/v1/posts`, { signal, method: 'POST', body: 'text' })],
    ['bytes', (send, signal) => send(`${origin}/v1/posts`, { signal, method: 'POST', body: new Uint8Array(4) })],
    ['a Request', (send, signal) => send(new Request(`${origin}/v1/posts`, { signal }))],
    ['a stream', (send, signal) => send(`${origin}/v1/posts`, { signal, method: 'POST', body: new ReadableStream(), duplex: 'half' } as RequestInit)],
  ])('rejects at once, as fetch does in a browser, and sends nothing (%s)', async (_, call) => {
    const reason = { own: 'reason' };
    for (const send of [auth.fetch, auth.fetchWith([(request, next) => next(request)])]) {
      const answer = call(send, AbortSignal.abort(reason));
      expect(inspect(answer)).toContain('<rejected>');
      expect(await rejection(answer)).toBe(reason);
    }
    expect(statuses).toEqual([]);
  });

  it('rejects with the error of a wrong argument first, as fetch does', async () => {
    const signal = AbortSignal.abort();
    const init = { signal, method: 'not a method' };
    const natively = await rejection(fetch(`${origin}/v1/posts`, init));
    expect(natively).toBeInstanceOf(TypeError);
    expect(await rejection(auth.fetch('/posts', init))).toBeInstanceOf(TypeError);
  });

  it('cancels the stream of its body with the reason', async () => {
    const reason = { own: 'reason' };
    const cancelled: unknown[] = [];
    for (const send of [fetch, auth.fetch]) {
      const body = new ReadableStream({ cancel: (why) => void cancelled.push(why) });
      await rejection(send(`${origin}/v1/posts`, { signal: AbortSignal.abort(reason), method: 'POST', body, duplex: 'half' } as RequestInit));
    }
    expect(cancelled).toEqual([reason, reason]);
  });
});

describe('client.fetch as a function', () => {
  const members = (send: object) => [typeof send, Reflect.get(send, 'length'), Reflect.get(send, 'name'), Object.hasOwn(send, 'prototype'), Reflect.ownKeys(send).filter((key) => key === 'arguments')];

  it('has the length and the name of fetch, and is no constructor', () => {
    for (const send of [auth.fetch, auth.fetchWith([])]) expect(members(send)).toEqual(['function', 1, 'fetch', false, []]);
  });

  it('rejects with a TypeError without arguments', async () => {
    const none = [] as unknown as [string];
    expect(await rejection(fetch(...none))).toBeInstanceOf(TypeError);
    for (const send of [auth.fetch, auth.fetchWith([])]) {
      expect(await rejection(send(...none))).toMatchObject({ name: 'TypeError', message: expect.stringContaining('1 argument required') });
    }
    expect(statuses).toEqual([]);
  });
});
