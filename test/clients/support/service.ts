import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { browserPlatform, createAuthClient, memory, type AuthClient } from 'unexpired/core';
import { createBonfireApi, type BonfireApi } from 'unexpired/testing';
import { onTestFinished } from 'vitest';

/** Long enough that no refresh is due during a test. */
export const LIFETIME_MS = 600_000;

/** A request as it arrived at the server. */
export interface Arrival {
  readonly method: string;
  readonly body: string;
  /** The HTTP status. It is `pending` until the request is answered, and `aborted` if the sender left before the answer was complete. */
  readonly status: number | 'pending' | 'aborted';
}

/** The embedded API, an app behind the same authentication, and a client that is signed in. */
export interface Service {
  readonly server: Server;
  readonly api: BonfireApi;
  readonly origin: string;
  /** The base URL of the embedded API. */
  readonly baseUrl: string;
  readonly auth: AuthClient;
  /** The requests that arrived at a path, the newest last. */
  readonly arrivals: (path: string) => readonly Arrival[];
  /** Leaves every request from now on unanswered. */
  readonly hang: () => void;
  /** Moves the clocks of the server and of the client ahead. */
  readonly passTime: (ms: number) => void;
}

/**
 * Starts a service over real HTTP for one test.
 *
 * @param app routes below `/app`, which answer only requests that the embedded API accepts
 */
export async function startService(app = new Hono()): Promise<Service> {
  let aheadMs = 0;
  const api = createBonfireApi({ accessTokenLifetimeMs: LIFETIME_MS, now: () => Date.now() + aheadMs });
  const arrivals: (Arrival & { readonly path: string })[] = [];
  let hangs = false;

  async function answer(incoming: Request): Promise<Response> {
    const { method, url, headers, signal } = incoming;
    const { pathname } = new URL(url);
    const body = await incoming.text();
    const arrival = { path: pathname, method, body, status: 'pending' as Arrival['status'] };
    arrivals.push(arrival);
    signal.addEventListener('abort', () => (arrival.status = 'aborted'), { once: true });
    const request = new Request(url, { method, headers, body: body === '' ? null : body });
    try {
      if (hangs) await new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true }));
      const response = pathname.startsWith('/app/') ? ((await refusal(request)) ?? (await app.fetch(request))) : await api.fetch(request);
      arrival.status = response.status;
      return response;
    } catch (error) {
      if (signal.aborted) return RESPONSE_ALREADY_SENT;
      throw error;
    }
  }

  /** Returns the embedded API's answer if it refuses a request, and `null` if it accepts it. */
  async function refusal({ url, headers }: Request): Promise<Response | null> {
    const authorization = headers.get('authorization') ?? '';
    const response = await api.fetch(new Request(new URL('/v1/users/me', url), { headers: { authorization } }));
    return response.ok ? null : response;
  }

  const server = createAdaptorServer({ fetch: answer }) as Server; // The options ask for an HTTP/1 server.
  const origin = await listen(server);
  const baseUrl = `${origin}/v1`;
  const protocol = bonfire({ baseUrl, appKey: 'app-key' });
  const now = () => ({ wall: Date.now() + aheadMs, monotonic: performance.now() + aheadMs });
  const auth = createAuthClient({ protocol, platform: { ...browserPlatform(), now }, storage: memory() });
  onTestFinished(() => close(auth, server));
  await auth.signIn(createBotTokens(protocol, ['ember']));
  return {
    server,
    api,
    origin,
    baseUrl,
    auth,
    arrivals: (path) => arrivals.filter((arrival) => arrival.path === path).map(({ method, body, status }) => ({ method, body, status })),
    hang: () => void (hangs = true),
    passTime: (ms) => void (aheadMs += ms),
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
    });
  });
}

function close(auth: AuthClient, server: Server): Promise<void> {
  auth.dispose();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections(); // Streams and requests that hang on purpose.
  });
}
