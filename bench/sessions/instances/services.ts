import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Processes } from './instances.ts';

/** A store that the instances share, and how to end it. */
export interface Service {
  readonly port: number;
  readonly version: string;
  readonly stop: () => Promise<void>;
}

/** Starts a Redis without files on a free port. */
export async function startRedis(processes: Processes): Promise<Service> {
  const port = await freePort();
  const version = execFileSync('redis-server', ['--version']).toString().match(/v=([\d.]+)/)?.[1] ?? 'unknown';
  const stop = await processes.program('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], 'Ready to accept connections');
  return { port, version, stop };
}

/** Starts a Postgres with a new directory on a free port; `null` if it is not installed. */
export async function startPostgres(processes: Processes): Promise<Service | null> {
  const bin = postgresFolder();
  if (bin === null) return null;
  const port = await freePort();
  const folder = processes.folder();
  const identity: { uid?: number; gid?: number } = process.getuid?.() === 0 ? userOfPostgres() : {};
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(folder, identity.uid, identity.gid);
  execFileSync(join(bin, 'initdb'), ['-D', folder, '-U', 'bench', '-A', 'trust', '-E', 'UTF8'], { stdio: 'ignore', ...identity });
  const args = ['-D', folder, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200'];
  const stop = await processes.program(join(bin, 'postgres'), args, 'ready to accept connections', identity);
  const version = execFileSync(join(bin, 'postgres'), ['--version']).toString().match(/[\d.]+/)?.[0] ?? 'unknown';
  return { port, version, stop };
}

function postgresFolder(): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((version) => join(root, version, 'bin')), '/usr/local/bin', '/opt/homebrew/bin'].find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

/** Postgres refuses to run as root, so it runs as its own user there. */
function userOfPostgres(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
