import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asked, Command, Settings, Told } from './settings.ts';

/** A process of a peer's app. */
export interface Instance {
  readonly port: number;
  readonly ask: (command: Command) => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Starts and ends the processes of the benchmark. Each is ended by its own id. */
export class Processes {
  readonly #running = new Set<ChildProcess>();
  readonly #folders: string[] = [];
  /** The last lines that a process wrote to its standard error. */
  lastWords = '';

  /** Creates a folder that lives as long as the processes. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'bench-sessions-'));
    this.#folders.push(folder);
    return folder;
  }

  /** Ends all processes that still run at once, and removes the folders. */
  killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }

  /** Starts a program and resolves when its output has this text. */
  async program(command: string, args: readonly string[], ready: string, identity: { uid?: number; gid?: number } = {}): Promise<() => Promise<void>> {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...identity });
    this.#keep(child);
    await new Promise<void>((resolve, reject) => {
      const look = (chunk: Buffer) => {
        if (chunk.toString().includes(ready)) resolve();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${command} ended with ${code}.`)));
    });
    return () => end(child, 'SIGINT');
  }

  async instance(program: string, settings: Settings, certificate: string): Promise<Instance> {
    const child = spawn(process.execPath, ['--expose-gc', '--no-warnings', program, JSON.stringify(settings)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate, NODE_ENV: 'production' },
    });
    this.#keep(child);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.lastWords = (this.lastWords + chunk.toString()).slice(-4000);
    });
    const waiting = new Map<number, (value: number) => void>();
    let id = 0;
    const port = await new Promise<number>((resolve, reject) => {
      child.on('message', (told: Told) => {
        if ('port' in told) resolve(told.port);
        else waiting.get(told.id)?.(told.value);
      });
      child.once('exit', (code) => reject(new Error(`The app of ${settings.peer} ended with ${code}.\n${this.lastWords}`)));
    });
    return {
      port,
      ask(command) {
        const asked: Asked = { id: (id += 1), command };
        return new Promise((resolve) => {
          waiting.set(asked.id, resolve);
          child.send(asked);
        });
      },
      stop: () => end(child, 'SIGTERM'),
    };
  }

  #keep(child: ChildProcess): void {
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}
