import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort, startProgram, temporaryFolder, type ChildProgram } from './child-program.ts';
import { until } from './until.ts';

const execute = promisify(execFile);

/** A Postgres of its own, with an empty database. */
export interface PostgresServer extends Pick<ChildProgram, 'kill' | 'pid'> {
  readonly port: number;
  /** What a `Pool` needs to connect. */
  readonly options: { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
  readonly stop: () => Promise<void>;
}

/** Postgres refuses to run as root, so a user without rights runs it there. */
async function prefixFor(folder: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const [user, group] = await Promise.all(['-u', '-g'].map(async (option) => Number((await execute('id', [option, 'nobody'])).stdout)));
  await chown(folder, user ?? 0, group ?? 0);
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups'];
}

/** Starts a Postgres on a free port. A crash of the machine would lose its data, which makes it fast. */
export async function startPostgres(bin: string): Promise<PostgresServer> {
  const [folder, port] = [await temporaryFolder(), await freePort()];
  const prefix = await prefixFor(folder.path);
  const data = join(folder.path, 'data');
  const initdb = [...prefix, join(bin, 'initdb'), '-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await execute(initdb[0] ?? '', initdb.slice(1), { cwd: folder.path });
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', max_connections: 100, shared_buffers: '16MB' };
  const start = [...prefix, join(bin, 'postgres'), '-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const program = await startProgram(folder.path, start[0] ?? '', start.slice(1));
  const options = { host: '127.0.0.1', port, user: 'test', database: 'postgres' };
  await until('Postgres', () => {
    const client = new pg.Client(options);
    return client.connect().finally(() => client.end()).then(() => true, () => false);
  });
  return {
    port,
    options,
    pid: program.pid,
    kill: program.kill,
    async stop() {
      program.kill('SIGQUIT'); // It ends its own processes, too.
      await program.stop();
      await folder.remove();
    },
  };
}
