import type { AuthClient, Interceptor, InterceptorEntry } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSetup, rejection, type Setup } from '../support/setup.ts';

let setup: Setup;
let auth: AuthClient;

beforeEach(async () => {
  setup = createSetup();
  ({ auth } = await setup.openSignedIn());
});

describe('interceptors', () => {
  it('wrap the whole call, so an interceptor that throws on an error status does not hide the 450', async () => {
    const seen: number[] = [];
    auth.intercept(async (request, next) => {
      const response = await next(request);
      seen.push(response.status);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return response;
    });
    setup.api.revokeAccessTokens();
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
    expect(seen).toEqual([200]);
    expect(await setup.world.until(rejection(auth.fetch('/posts/404404')))).toMatchObject({ message: 'HTTP 404' });
  });

  it('can wrap each send instead, and then see the bearer and the 450', async () => {
    const seen: [string | null, number][] = [];
    const remove = auth.intercept({
      scope: 'send',
      interceptor: async (request, next) => {
        const response = await next(request);
        seen.push([request.headers.get('authorization')?.slice(0, 6) ?? null, response.status]);
        return response;
      },
    });
    setup.api.revokeAccessTokens();
    await setup.world.until(auth.fetch('/users/me'));
    expect(seen).toEqual([['Bearer', 401], ['Bearer', 200]]);
    remove();
    await setup.world.until(auth.fetch('/users/me'));
    expect(seen).toHaveLength(2);
  });

  it('of the client run before those of one fetch, in the order in which they were added', async () => {
    const order: string[] = [];
    const named = (name: string): Interceptor => (request, next) => {
      order.push(name);
      return next(request);
    };
    auth.intercept(named('client 1'));
    auth.intercept(named('client 2'));
    const own = auth.fetchWith([named('own'), { interceptor: named('own send'), scope: 'send' }]);
    await setup.world.until(own('/users/me', { method: 'GET' }));
    expect(order).toEqual(['client 1', 'client 2', 'own', 'own send']);
  });

  it('that are added twice run twice, and each is removed by itself', async () => {
    let runs = 0;
    const entry: InterceptorEntry = { interceptor: (request, next) => (runs++, next(request)) };
    const [removeFirst] = [auth.intercept(entry), auth.intercept(entry)];
    await setup.world.until(auth.fetch('/users/me'));
    removeFirst();
    await setup.world.until(auth.fetch('/users/me'));
    expect(runs).toBe(3);
  });

  it('can read the answer of each send', async () => {
    const statuses: number[] = [];
    auth.intercept({
      scope: 'send',
      interceptor: async (request, next) => {
        const response = await next(request);
        await response.text();
        statuses.push(response.status);
        return response;
      },
    });
    const response = await setup.world.until(auth.fetch('/posts/404404'));
    expect([response.status, ...statuses]).toEqual([404, 404]);
  });

  it('can return an answer while they read it', async () => {
    const read = async (request: Request, next: (request: Request) => Promise<Response>) => {
      const response = await next(request);
      response.body?.getReader();
      return response;
    };
    auth.intercept({ interceptor: read, scope: 'send' });
    expect((await setup.world.until(auth.fetch('/posts/404404'))).status).toBe(404);
  });
});
