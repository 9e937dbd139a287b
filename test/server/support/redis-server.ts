import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startProgram, temporaryFolder, type ChildProgram } from './child-program.ts';
import { until } from './until.ts';

const execute = promisify(execFile);

/** A Redis of its own, with an empty memory. */
export interface RedisServer extends Pick<ChildProgram, 'kill' | 'pid'> {
  readonly port: number;
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a Redis on a free port. */
export async function startRedis(bin: string, { args = [], port }: { readonly args?: readonly string[]; readonly port?: number } = {}): Promise<RedisServer> {
  const [folder, own] = [await temporaryFolder(), port ?? (await freePort())];
  const program = await startProgram(folder.path, join(bin, 'redis-server'), ['--port', `${own}`, '--bind', '127.0.0.1', '--dir', folder.path, '--save', '', '--appendonly', 'no', ...args]);
  await until('Redis', () => ping(own).then(() => true, () => false));
  return {
    port: own,
    url: `redis://127.0.0.1:${own}`,
    pid: program.pid,
    kill: program.kill,
    async stop() {
      await program.stop();
      await folder.remove();
    },
  };
}

/** Starts a cluster of three nodes, each with a third of the slots. */
export async function startRedisCluster(bin: string): Promise<{ readonly ports: readonly number[]; readonly stop: () => Promise<void> }> {
  const nodes = await Promise.all(Array.from({ length: 3 }, async () => {
    const [port, busPort] = [await freePort(), await freePort()];
    return startRedis(bin, { port, args: ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`, '--cluster-node-timeout', '5000'] });
  }));
  const ports = nodes.map(({ port }) => port);
  const cli = (port: number, ...args: string[]) => execute(join(bin, 'redis-cli'), ['-p', `${port}`, ...args]);
  await cli(ports[0] ?? 0, '--cluster', 'create', ...ports.map((port) => `127.0.0.1:${port}`), '--cluster-yes');
  await until('the cluster', async () => {
    const infos = await Promise.all(ports.map((port) => cli(port, 'cluster', 'info')));
    return infos.every(({ stdout }) => stdout.includes('cluster_state:ok') && stdout.includes('cluster_known_nodes:3'));
  });
  return { ports, stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))) };
}

function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      if (data.toString().startsWith('+PONG')) resolve();
      else reject(new Error('Redis is not ready.'));
    });
  });
}
