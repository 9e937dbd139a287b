import { inspect } from 'node:util';
import { bonfire } from 'unexpired/bonfire';
import { createAuthClient, memory, type AuthClient, type AuthClientConfig, type Protocol } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';
import { simulate } from 'unexpired/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
let auth: AuthClient;
beforeEach(async () => {
  setup = createSetup();
  ({ auth } = await setup.openSignedIn());
});

describe('a call that is aborted', () => {
  const reason = { own: 'reason' };

  it('before it is sent sends nothing, and rejects with the reason of its signal', async () => {
    expect(await setup.world.until(rejection(auth.fetch('/users/me', { signal: AbortSignal.abort(reason) })))).toBe(reason);
    expect(setup.answers('me')).toEqual([]);
  });

  it('while it waits for a refresh is not replayed, and rejects with the reason of its signal', async () => {
    const controller = new AbortController();
    setup.api.revokeAccessTokens();
    setup.world.latencyMs = 100;
    const aborted = rejection(auth.fetch('/users/me', { signal: controller.signal }));
    await setup.refreshSent();
    controller.abort(reason);
    expect(await setup.world.until(aborted)).toBe(reason);
    expect((await setup.world.until(auth.fetch('/posts'))).status).toBe(200);
    expect([setup.answers('me'), setup.answers('refresh')]).toEqual([[401], [200]]);
  });
});

it('calls that wait for a refresh without an answer reject as soon as the client is disposed', async () => {
  setup.faultRefreshes('hangBefore');
  simulate(auth, 'expired');
  const calls = [auth.fetch('/users/me'), auth.getAccessToken(), auth.refresh()].map(rejection);
  await setup.world.advance(50);
  auth.dispose();
  const errors = await Promise.race([Promise.all(calls), setup.world.advance(10)]);
  expect(errors).toMatchObject([{ code: 'disposed' }, { code: 'disposed' }, { code: 'disposed' }]);
});

describe('a call that is aborted while a part of it does not follow its signal', () => {
  const reason = { own: 'reason' };
  const tokens = { accessToken: 'a', refreshToken: 'r', expiresAt: null, scopes: [] };
  const origin = new URL(BASE_URL).origin;
  const protocols: Record<string, Protocol> = {
    bonfire: bonfire({ baseUrl: BASE_URL, appKey: 'app-key' }),
    'oauth2 with isRejection': oauth2({ tokenEndpoint: `${BASE_URL}/oauth`, clientId: 'app', resourceOrigins: [origin], baseUrl: BASE_URL, isRejection: ({ body }) => body.includes('450') }),
  };
  const REJECTION = '{"error":{"code":450}}';
  const TOKENS = JSON.stringify({ access_token: 'b', refresh_token: 's', data: { attributes: { access_token: 'b', refresh_token: 's' } } });

  /** Returns an answer whose body stops in the middle. If it has a signal, its body fails when the signal aborts, as that of `fetch` does. */
  function half(status: number, signal?: AbortSignal | null): Response {
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      controller.enqueue(new TextEncoder().encode('{"error":'));
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    };
    return new Response(new ReadableStream({ start }), { status });
  }

  /** Opens a client that is signed in. `answer` answers its calls, by the number of the send. */
  async function open(protocol: Protocol, answer: (send: number, signal: AbortSignal) => Response | Promise<Response>, config: Partial<AuthClientConfig> = {}) {
    const { platform } = setup.world.openTab();
    let sends = 0;
    let report = () => {};
    const answered = (count: number) => new Promise<void>((resolve) => (report = () => void (sends === count && resolve())));
    const send: typeof fetch = async (input, init) => {
      const { url, signal } = new Request(input, init);
      if (url.endsWith('/oauth')) return new Response(TOKENS);
      const response = await answer(++sends, signal);
      signal.throwIfAborted();
      report();
      return response;
    };
    const client = createAuthClient({ protocol, storage: memory(), ...config, platform: { ...platform, fetch: send } });
    await setup.world.until(client.signIn(tokens));
    return { client, answered };
  }

  for (const [name, protocol] of Object.entries(protocols)) {
    for (const follows of [true, false]) {
      const body = follows ? 'half a body' : 'half a body that ignores the signal';
      it.each([401, 404])(`rejects with the signal's reason when the answer is a %s with ${body} (${name})`, async (status) => {
        const controller = new AbortController();
        const { client, answered } = await open(protocol, (_, signal) => half(status, follows ? signal : null));
        const first = answered(1);
        const call = client.fetch('/posts', { signal: controller.signal });
        await setup.world.until(first);
        await setup.world.advance(1);
        controller.abort(reason);
        expect(await Promise.race([rejection(call), setup.world.advance(1)])).toBe(reason);
      });

      it(`rejects with the signal's reason when the answer to the replay has ${body} (${name})`, async () => {
        const controller = new AbortController();
        const { client, answered } = await open(protocol, (send, signal) => (send === 1 ? new Response(REJECTION, { status: 401 }) : half(401, follows ? signal : null)));
        const replay = answered(2);
        const call = client.fetch('/posts', { signal: controller.signal });
        await setup.world.until(replay);
        await setup.world.advance(1);
        controller.abort(reason);
        expect(await Promise.race([rejection(call), setup.world.advance(1)])).toBe(reason);
      });
    }

    it(`rejects with the signal's reason when the end of a session that has no refresh token is not stored yet (${name})`, async () => {
      const controller = new AbortController();
      const storage = memory();
      let hangs = false;
      const slow = { ...storage, update: (...args: Parameters<typeof storage.update>) => (hangs ? new Promise<never>(() => undefined) : storage.update(...args)) };
      const { client, answered } = await open(protocol, () => new Response(REJECTION, { status: 401 }), { storage: slow });
      await setup.world.until(client.signIn({ accessToken: 'a', expiresAt: null, scopes: [] }));
      hangs = true;
      const first = answered(1);
      const call = client.fetch('/posts', { signal: controller.signal });
      await setup.world.until(first);
      await setup.world.advance(1);
      controller.abort(reason);
      expect(await Promise.race([rejection(call), setup.world.advance(1)])).toBe(reason);
    });
  }

  it.each(['call', 'send'] as const)("rejects with the signal's reason when an interceptor of scope %s waits for something else", async (scope) => {
    const controller = new AbortController();
    const { client } = await open(protocols['bonfire']!, () => new Response());
    client.intercept({ interceptor: () => new Promise(() => undefined), scope });
    const call = client.fetch('/posts', { signal: controller.signal });
    await setup.world.advance(1);
    controller.abort(reason);
    expect(await Promise.race([rejection(call), setup.world.advance(1)])).toBe(reason);
  });

  it('gets no token, although there is one, when getAccessToken is aborted before it resolves', async () => {
    const controller = new AbortController();
    const { client } = await open(protocols['bonfire']!, () => new Response());
    const token = client.getAccessToken({ signal: controller.signal });
    controller.abort(reason);
    expect(await rejection(token)).toBe(reason);
  });

  const inputs: [string, (signal: AbortSignal) => Parameters<typeof fetch>][] = [
    ['of an address', (signal) => ['/posts', { signal }]],
    ['of a Request', (signal) => [new Request(`${BASE_URL}/posts`, { method: 'POST', body: 'text', signal })]],
  ];
  const answers: [string, (send: number) => Response][] = [
    ['answered at once', () => new Response('fine')],
    ['answered with 404', () => new Response('{}', { status: 404 })],
    ['replayed', (send) => (send === 1 ? new Response(REJECTION, { status: 401 }) : new Response('fine'))],
    ['rejected twice', () => new Response(REJECTION, { status: 401 })],
  ];
  for (const [kind, argumentsOf] of inputs) {
    it.each(answers)(`${kind} rejects whenever it is pending in the microtask of the abort, when it is %s`, async (_, answer) => {
      const outcomes = new Set<string>();
      for (let microtasks = 0; microtasks < 150; microtasks++) {
        const { client } = await open(protocols['bonfire']!, answer, { storageKey: `${microtasks}` });
        const controller = new AbortController();
        const call = client.fetch(...argumentsOf(controller.signal));
        const settled = call.then(({ status }) => status, (error: unknown) => error);
        for (let turn = 0; turn < microtasks; turn++) await null;
        const wasPending = inspect(call).includes('<pending>');
        controller.abort(reason);
        const outcome = await setup.world.until(settled);
        if (wasPending) expect([microtasks, outcome]).toEqual([microtasks, reason]);
        outcomes.add(wasPending ? 'pending' : 'settled');
        client.dispose();
      }
      expect([...outcomes]).toContain('pending');
    });
  }
});
