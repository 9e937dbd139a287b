import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { redis } from 'unexpired/server/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { serverFor } from '../support/programs.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { firstRow, secondRow } from '../support/rows.ts';

const bin = serverFor('redis');

const clientOf = async (url: string) => createClient({ url, socket: { reconnectStrategy: 50 } }).on('error', () => undefined).connect();

describe('redis rejects with `invalid_config`', () => {
  it.each([
    ['no client', undefined, 'its type is undefined'],
    ['the address of Redis', 'redis://user:secret@localhost', 'not its address'],
    ['a client that is not awaited', Promise.resolve({}), 'it is a promise, so await it'],
    ['a client of another package', { query: () => undefined }, 'must be a client of `redis` or `ioredis`; its type is object'],
  ])('for %s', (_, client, problem) => {
    expect(() => redis(client as never)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'client', message: expect.stringContaining(problem) }));
    expect(() => redis(client as never)).not.toThrow('secret');
  });

  it('for an empty prefix', () => {
    expect(() => redis(createClient(), { prefix: '' })).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'prefix' }));
  });
});

const unavailable = (text: string) => expect.objectContaining({ code: 'storage_unavailable', transient: true, message: expect.stringContaining(text) });

it('redis rejects at once, and says what to do, if the client of `redis` is not connected', async () => {
  await expect(redis(createClient()).read('a', 1000)).rejects.toThrow(unavailable('Call `await client.connect()` before the first request'));
});

it('redis rejects at once, and says what to do, if the client of `ioredis` is closed', async () => {
  const client = new Redis({ lazyConnect: true });
  client.disconnect();
  await eventually(() => expect(client.status).toBe('end'));
  await expect(redis(client).read('a', 1000)).rejects.toThrow(unavailable('The client of `ioredis` is closed'));
});

describe.skipIf(bin === null)('redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis(bin ?? '');
  });
  afterAll(() => server?.stop());

  it('rejects within its deadline while Redis is down, and works again after a restart that has lost the scripts', async () => {
    let own = await startRedis(bin ?? '');
    const clients = [await clientOf(own.url), new Redis(own.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 }).on('error', () => undefined)] as const;
    const stores = clients.map((client) => redis(client));
    await Promise.all(stores.map((store) => store.read('a', 1000)));
    await own.stop();
    await Promise.all(stores.map((store) => expect(store.read('a', 1000)).rejects.toThrow(unavailable('Redis '))));
    own = await startRedis(bin ?? '', { port: own.port });
    await Promise.all(stores.map((store, turn) => eventually(() => store.insert(`new-${turn}`, firstRow()))));
    await Promise.all(stores.map(async (store, turn) => expect(await store.read(`new-${turn}`, 1000)).toMatchObject({ etag: 'etag-1' })));
    clients[0].destroy();
    clients[1].disconnect();
    await own.stop();
  });

  it('rejects within its deadline while Redis is paused', async () => {
    const own = await startRedis(bin ?? '');
    const client = await clientOf(own.url);
    const store = redis(client);
    await store.insert('a', firstRow());
    own.kill('SIGSTOP');
    await expect(store.read('a', 1000)).rejects.toThrow(unavailable('Redis has not answered within 4000 ms'));
    own.kill('SIGCONT');
    expect(await store.read('a', 1000)).toMatchObject({ etag: 'etag-1' });
    client.destroy();
    await own.stop();
  });

  it('still reads while the memory of Redis is full, and says so if it cannot write', async () => {
    const own = await startRedis(bin ?? '');
    const client = await clientOf(own.url);
    const store = redis(client);
    await store.insert('a', firstRow());
    await client.hSet('unexpired:{a}', 'used', '0'); // The next read has to extend the life of the row, too.
    await client.configSet('maxmemory', '1');
    expect(await store.read('a', 60_000)).toMatchObject({ etag: 'etag-1' });
    await expect(store.replace('a', 'etag-1', secondRow())).rejects.toThrow(unavailable('(OOM). Its memory is full; raise `maxmemory`.'));
    expect(await store.read('a', 60_000)).toMatchObject({ etag: 'etag-1', text: 'first' });
    client.destroy();
    await own.stop();
  });

  it('names the commands that a user of Redis needs, and quotes neither a key nor a text', async () => {
    const admin = await clientOf(server.url);
    await admin.aclSetUser('limited', ['on', '>secret', '~*', '&*', '+@all', '-evalsha', '-eval']);
    const client = new Redis(server.url, { username: 'limited', password: 'secret' });
    const error = await redis(client).insert('the-key', firstRow()).catch((reason: unknown) => reason);
    expect(error).toEqual(unavailable('(NOPERM). Let its user run scripts'));
    expect(JSON.stringify([error, String(error)])).not.toMatch(/the-key|first|secret|cause|stack/);
    client.disconnect();
    admin.destroy();
  });

  it('costs one round trip a method, and a read writes only after a twentieth of `idleMs`', async () => {
    const client = await clientOf(server.url);
    const store = redis(client, { prefix: 'count:' });
    const calls = async () => Object.fromEntries([...(await client.info('commandstats')).matchAll(/cmdstat_(\w+):calls=(\d+)/g)].map(([, name, count]) => [name, Number(count)]));
    await store.insert('a', firstRow());
    const run = async () => [
      await store.read('a', 60_000),
      await store.replace('a', 'etag-1', secondRow({ lease: { owner: 'b', leftMs: 1000 } })),
      await store.extend('a', 'b', 0),
      await store.remove('a', 'another etag'),
    ];
    await run(); // Redis gets the scripts.
    const before = await calls();
    await run();
    const after = await calls();
    expect((after['evalsha'] ?? 0) - (before['evalsha'] ?? 0)).toBe(4);
    expect([after['eval'], after['pexpireat']]).toEqual([before['eval'], before['pexpireat']]);
    client.destroy();
  });

  it('drops the sessions that are over from the index of their user', async () => {
    const client = await clientOf(server.url);
    const store = redis(client, { prefix: 'index:' });
    for (const key of ['a', 'b', 'c']) await store.insert(key, firstRow({ subject: 'user 1' }));
    await store.remove('a', 'etag-1');
    await store.replace('b', 'etag-1', secondRow({ isEnded: true }));
    expect((await store.list('user 1')).map(({ key }) => key)).toEqual(['c']);
    expect(await client.zRange('index:user:{user 1}', 0, -1)).toEqual(['c']);
    expect(await client.pTTL('index:user:{user 1}')).toBeGreaterThan(0);
    client.destroy();
  });

  it.each(['redis', 'ioredis'])('receives messages again after its second connection was lost, and closes it with `close` (%s)', async (name) => {
    const admin = await clientOf(server.url);
    const client = name === 'redis' ? await clientOf(server.url) : new Redis(server.url);
    const store = redis(client, { prefix: `${name}:` });
    const subscribers = async () => (await admin.sendCommand(['CLIENT', 'LIST', 'TYPE', 'PUBSUB'])) as unknown as string;
    let calls = 0;
    const release = store.watch?.('a', () => (calls += 1));
    await eventually(async () => expect(await subscribers()).not.toBe(''));
    await admin.sendCommand(['CLIENT', 'KILL', 'TYPE', 'PUBSUB']);
    await store.insert('a', firstRow());
    let etag = 'etag-1';
    await eventually(async () => {
      await store.replace('a', etag, secondRow({ etag: `${etag}+` }));
      etag += '+';
      expect(calls).toBeGreaterThan(0);
    });
    release?.();
    await store.close();
    await eventually(async () => expect(await subscribers()).toBe(''));
    expect(store.watch?.('a', () => undefined)).toBeTypeOf('function');
    expect(await store.read('a', 1000)).not.toBeNull(); // The app's own client is still open.
    expect(await subscribers()).toBe('');
    await ('destroy' in client ? client.destroy() : client.disconnect());
    admin.destroy();
  });
});
