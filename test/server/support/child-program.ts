import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program that a test has started. */
export interface ChildProgram {
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Ends the program and waits for it. */
  readonly stop: () => Promise<void>;
  /** What the program has printed. */
  readonly output: () => Promise<string>;
}

/** The shell ends the program and removes its folder when its input closes, so nothing is left behind, even if the test is killed. */
const SCRIPT = 'folder="$1"; shift; "$@" >"$folder/output.log" 2>&1 </dev/null & echo $!; cat >/dev/null; kill -KILL $! 2>/dev/null; wait; rm -rf "$folder"';

/** Starts a program of a server, in a folder of its own. */
export async function startProgram(folder: string, command: string, args: readonly string[]): Promise<ChildProgram> {
  const shell = spawn('sh', ['-c', SCRIPT, 'sh', folder, command, ...args], { stdio: ['pipe', 'pipe', 'inherit'], cwd: folder });
  const closed = once(shell, 'close');
  const [line] = (await once(shell.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  return {
    pid,
    kill: (signal) => void process.kill(pid, signal),
    output: () => readFile(join(folder, 'output.log'), 'utf8'),
    async stop() {
      shell.stdin.end();
      await closed;
    },
  };
}

/** Creates a temporary folder, and a function that removes it. */
export async function temporaryFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'unexpired-store-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Finds a port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
