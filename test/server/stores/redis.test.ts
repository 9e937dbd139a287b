import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import { redis } from 'unexpired/server/redis';
import { checkStoreContract } from 'unexpired/server/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { serverFor } from '../support/programs.ts';
import { startRedis, startRedisCluster, type RedisServer } from '../support/redis-server.ts';

const bin = serverFor('redis');

describe.skipIf(bin === null)('on one Redis, the contract of a store is kept by', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis(bin ?? '');
  });
  afterAll(() => server?.stop());

  it('a client of `redis`', async () => {
    const client = await createClient({ url: server.url }).connect();
    await checkStoreContract(() => redis(client));
    client.destroy();
  });

  it('two clients of `redis` with RESP 2 and a prefix', async () => {
    const clients = [await createClient({ url: server.url, RESP: 2 }).connect(), await createClient({ url: server.url, RESP: 2 }).connect()] as const;
    let turn = 0;
    await checkStoreContract(() => redis(clients[turn++ % 2 ? 1 : 0], { prefix: 'own:' }));
    for (const client of clients) client.destroy();
  });

  it('a client of `ioredis`', async () => {
    const client = new Redis(server.url);
    await checkStoreContract(() => redis(client));
    client.disconnect();
  });

  it('a client of `ioredis` with `keyPrefix`, `lazyConnect` and no queue', async () => {
    const client = new Redis(server.url, { keyPrefix: 'app:', lazyConnect: true, enableOfflineQueue: false });
    await client.connect();
    await checkStoreContract(() => redis(client));
    client.disconnect();
  });
});

describe.skipIf(bin === null)('on a cluster of three nodes, the contract of a store is kept by', () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
  beforeAll(async () => {
    cluster = await startRedisCluster(bin ?? '');
  });
  afterAll(() => cluster?.stop());

  it('a client of `redis`', async () => {
    const client = await createCluster({ rootNodes: cluster.ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })) }).connect();
    await checkStoreContract(() => redis(client));
    client.destroy();
  });

  it('a client of `ioredis`', async () => {
    const client = new Cluster(cluster.ports.map((port) => ({ host: '127.0.0.1', port })));
    await checkStoreContract(() => redis(client));
    client.disconnect();
  });
});
