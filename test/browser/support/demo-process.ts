import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../../../demo/start.js', import.meta.url));

/** A process's exit code and output. */
export interface Exit {
  readonly code: number | null;
  readonly output: string;
}

/** `demo/start.js` in a process of its own. */
export interface DemoProcess {
  readonly pageUrl: string;
  readonly apiUrl: string;
  /** Sends a signal and waits for the exit. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Exit>;
}

/**
 * Starts the demo on free ports and waits until it prints its addresses.
 *
 * @param args the arguments of the command line
 */
export async function startDemo(args: readonly string[] = []): Promise<DemoProcess> {
  const { child, output, exit } = run({ PORT: '0' }, args);
  const greeting = await Promise.race([
    waitFor(child, output, /Page +(\S+?)\/?\s[\s\S]*API +(\S+)/),
    exit.then((ended) => Promise.reject(new Error(`The demo exited with code ${ended.code}: ${ended.output}`))),
  ]);
  return {
    pageUrl: greeting[1] ?? '',
    apiUrl: greeting[2] ?? '',
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return exit;
    },
  };
}

/** Whether a process is there. */
export function isRunning(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs the demo with an environment in which it must not start. */
export function runToExit(env: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<Exit> {
  return run(env, args).exit;
}

function run(env: Readonly<Record<string, string>>, args: readonly string[]) {
  const child = spawn(process.execPath, [START, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: string[] = [];
  const output = () => parts.join('');
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => parts.push(part));
  const exit = new Promise<Exit>((resolve) => child.once('close', (code) => resolve({ code, output: output() })));
  return { child, output, exit };
}

function waitFor(child: ChildProcess, output: () => string, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve) => {
    const look = () => {
      const match = pattern.exec(output());
      if (!match) return;
      child.stdout?.off('data', look);
      resolve(match);
    };
    child.stdout?.on('data', look);
  });
}
