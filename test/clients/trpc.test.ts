import { createTRPCClient } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { trpcLink } from './recipes/trpc.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService, type Service } from './support/service.ts';
import { TRPC_PATH, trpcApp, type AppRouter } from './support/trpc-app.ts';

const client = ({ auth, origin }: Service) => createTRPCClient<AppRouter>({ links: [trpcLink(auth, origin + TRPC_PATH)] });

describe('tRPC in batches', () => {
  const PATH = `${TRPC_PATH}/shout,shout`;

  it('sends a batch again with the same body when the token was revoked', async () => {
    const service = await startService(trpcApp);
    service.api.revokeAccessTokens();
    const { shout } = client(service);
    expect(await Promise.all([shout.mutate('hello'), shout.mutate('you')])).toEqual(['HELLO', 'YOU']);
    const body = '{"0":"hello","1":"you"}';
    expect(service.arrivals(PATH)).toEqual([{ method: 'POST', body, status: 401 }, { method: 'POST', body, status: 200 }]);
    expect(service.api.counts.refreshes).toBe(1);
  });

  it('does not refresh when one call of a batch is refused', async () => {
    const service = await startService(trpcApp);
    const { shout, refuse } = client(service);
    const calls = await Promise.allSettled([shout.mutate('hello'), refuse.mutate()]);
    expect(calls).toMatchObject([{ value: 'HELLO' }, { reason: { data: { code: 'UNAUTHORIZED' } } }]);
    expect(service.arrivals(`${TRPC_PATH}/shout,refuse`)).toMatchObject([{ status: 207 }]);
    expect(service.api.counts.refreshes).toBe(0);
  });

  it('aborts a batch when all its callers abort', async () => {
    const service = await startService(trpcApp);
    const controller = new AbortController();
    service.hang();
    const { signal } = controller;
    const { shout } = client(service);
    const calls = [shout.mutate('hello', { signal }), shout.mutate('you', { signal })].map(rejection);
    await expect.poll(() => service.arrivals(PATH)).toMatchObject([{ status: 'pending' }]);
    controller.abort();
    expect(await Promise.all(calls)).toMatchObject([{ name: 'TRPCClientError' }, { name: 'TRPCClientError' }]);
    await expect.poll(() => service.arrivals(PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('rejects with signed_out as the cause when there is no session', async () => {
    const service = await startService(trpcApp);
    await service.auth.signOut();
    expect(codeOf((await rejection(client(service).shout.mutate('hello'))).cause)).toBe('signed_out');
  });
});

describe('a tRPC subscription', () => {
  const PATH = `${TRPC_PATH}/ticks`;

  it('starts with a new token when the old one was revoked', async () => {
    const service = await startService(trpcApp);
    service.api.revokeAccessTokens();
    const ticks: number[] = [];
    const subscription = client(service).ticks.subscribe(3, { onData: (tick) => void ticks.push(tick) });
    await expect.poll(() => ticks).toEqual([1, 2, 3]);
    expect(service.arrivals(PATH)).toMatchObject([{ status: 401 }, { status: 200 }]);
    expect(service.api.counts.refreshes).toBe(1);
    subscription.unsubscribe();
  });

  it('starts again with a new token when the connection breaks and the old one was revoked', async () => {
    const service = await startService(trpcApp);
    const ticks: number[] = [];
    const subscription = client(service).ticks.subscribe(2, { onData: (tick) => void ticks.push(tick) });
    await expect.poll(() => ticks).toEqual([1, 2]);
    service.api.revokeAccessTokens();
    service.server.closeAllConnections();
    await expect.poll(() => ticks).toEqual([1, 2, 1, 2]);
    expect(service.api.counts.refreshes).toBe(1);
    subscription.unsubscribe();
  });

  it('closes its stream when it is unsubscribed', async () => {
    const service = await startService(trpcApp);
    const ticks: number[] = [];
    const subscription = client(service).ticks.subscribe(1, { onData: (tick) => void ticks.push(tick) });
    await expect.poll(() => ticks).toEqual([1]);
    subscription.unsubscribe();
    await expect.poll(() => service.arrivals(PATH)).toMatchObject([{ status: 'aborted' }]);
  });
});
