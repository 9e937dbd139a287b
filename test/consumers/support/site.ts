import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

/** A server of an app or of an API. */
export interface Site {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves the files of a single-page app, and its `index.html` for any address that is not a file. */
export function serveFiles(folder: string): Promise<Site> {
  return listen(
    createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const named = join(folder, pathname);
      const file = extname(pathname) !== '' && existsSync(named) ? named : join(folder, 'index.html');
      void readFile(file).then((content) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(content));
    }),
  );
}

/** Starts a server on a free port of this machine. */
export async function listen(server: Server): Promise<Site> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${port}`, close };
}

/** Starts a built Next app in a process of its own. */
export function startNext(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<ProcessSite> {
  const next = join(folder, 'node_modules/next/dist/bin/next');
  return startProcess([next, 'start', '--port', '0', '--hostname', '127.0.0.1'], { cwd: folder, env }, 'Ready');
}

/** A server in a process of its own. */
export interface ProcessSite extends Site {
  /** Everything that the process has printed. */
  readonly output: () => string;
}

/**
 * Starts a script of Node that prints its address.
 *
 * @param ready what it prints when it can be used
 */
export async function startProcess(args: readonly string[], { cwd, env = process.env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv }, ready = ''): Promise<ProcessSite> {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const output: string[] = [];
  const origin = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        output.push(part);
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output.join(''));
        if (found && output.join('').includes(ready)) resolve(found[0]);
      });
    }
    void ended.then(() => reject(new Error(`${args.join(' ')} has ended:\n${output.join('')}`)));
  });
  return {
    origin,
    output: () => output.join(''),
    close: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
