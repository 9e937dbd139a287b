import { createClient } from 'redis';
import { temporaryFolder } from '../../support/child-program.ts';
import { startRedis } from '../../support/redis-server.ts';
import { delay, until } from '../../support/until.ts';
import type { Proof } from './proof-store.ts';

/** About the size of a row, bytes. */
const ROW_BYTES = 1500;

/** Starts a Redis that keeps its data over a restart. */
export async function startRedisProof(bin: string): Promise<Proof> {
  const folders: Awaited<ReturnType<typeof temporaryFolder>>[] = [];
  const start = async (port?: number, folder?: string, more: readonly string[] = []) => {
    const own = folder ?? (await newFolder(folders));
    const server = await startRedis(bin, { ...(port === undefined ? {} : { port }), args: ['--dir', own, '--appendonly', 'yes', '--appendfsync', 'always', ...more] });
    return { ...server, folder: own };
  };
  let master = await start();
  const { port, url } = master;
  /** A copy that follows the master, ready for a failover. */
  const startReplica = () => start(undefined, undefined, ['--replicaof', '127.0.0.1', String(port)]);
  let replica = await startReplica();
  /** After a restart of the master, the replica needs a moment to follow it again. */
  const untilCopied = () => until('the replica', async () => /master_link_status:up/.test(await asked(replica.url, (client) => client.info('replication'))));
  await untilCopied();
  const configured = (settings: Readonly<Record<string, string>>, address = url) => asked(address, (client) => client.configSet(settings));

  return {
    name: 'Redis',
    addresses: [{ kind: 'redis', url }, { kind: 'ioredis', url }],
    async restart() {
      await master.stop();
      master = await start(port, master.folder);
    },
    async pause(ms) {
      master.kill('SIGSTOP');
      await delay(ms);
      master.kill('SIGCONT');
    },
    async fill(ms) {
      await configured({ 'maxmemory-policy': 'noeviction', maxmemory: '1' });
      await delay(ms);
      await configured({ maxmemory: '0' });
    },
    async failOver(ms) {
      await untilCopied();
      await asked(replica.url, (client) => client.sendCommand(['REPLICAOF', 'NO', 'ONE']));
      await delay(ms);
      await master.stop();
      await configured({ port: String(port) }, replica.url);
      master = replica;
      replica = await startReplica();
      await untilCopied();
    },
    async evict(sessions) {
      const used = Number(/used_memory:(\d+)/.exec(await asked(url, (client) => client.info('memory')))?.[1]);
      await configured({ 'maxmemory-policy': 'allkeys-random', maxmemory: String(used - Math.round(0.2 * sessions * ROW_BYTES)) });
      await configured({ maxmemory: '0', 'maxmemory-policy': 'noeviction' });
    },
    async stop() {
      await Promise.all([master.stop(), replica.stop()]);
      await Promise.all(folders.map((folder) => folder.remove()));
    },
  };
}

async function newFolder(folders: Awaited<ReturnType<typeof temporaryFolder>>[]): Promise<string> {
  const folder = await temporaryFolder();
  folders.push(folder);
  return folder.path;
}

async function asked<T>(url: string, run: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
  const client = createClient({ url });
  await client.on('error', () => undefined).connect();
  try {
    return await run(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}
