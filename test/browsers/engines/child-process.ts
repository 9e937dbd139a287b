import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { patience } from '../../support/pace.ts';

const PATIENCE_MS = patience(20_000);

/** Runs a program until it ends or its input is closed, which happens even if the tests crash. Then it ends every process of the group. */
const GUARD = '{ "$@" </dev/null; kill 0; } & cat >/dev/null; kill 0';

/** A program that the tests have started and have to end. */
export interface Started {
  readonly child: ChildProcess;
  /** Ends the program and all its child processes, and waits until they have ended. */
  readonly end: () => Promise<void>;
}

/** Starts a program in a process group of its own. Its output on descriptor 3 can be read. */
export function start(path: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Started {
  const child = spawn('sh', ['-c', GUARD, 'sh', path, ...args], { stdio: ['pipe', 'ignore', 'ignore', 'pipe'], env, detached: true });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    child,
    end: async () => {
      child.stdin?.end();
      await ended;
      killStubborn(child.pid);
    },
  };
}

/** Waits until a program has written a text on descriptor 3. Rejects if the program ends first or writes nothing in time. */
export function written(program: string, { child }: Started, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`${program} did not report within ${PATIENCE_MS / 1000} s that it has started. It wrote ${JSON.stringify(text)}.`)), PATIENCE_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${program} ended with code ${code}.`));
    });
    (child.stdio[3] as Readable).setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const match = pattern.exec(text);
      if (!match) return;
      clearTimeout(timer);
      resolve(match);
    });
  });
}

/** Ends a browser that a driver has started together with the tests, even if they crash. Call the returned function once the browser has ended. */
export function endWithTests({ pid = 0 }: ChildProcess): () => void {
  const guard = spawn('sh', ['-c', 'cat >/dev/null; kill -s KILL -- "-$1" 2>/dev/null', 'sh', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  return () => void guard.stdin.end();
}

function killStubborn(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  } catch {
    // Every process of the group has ended.
  }
}
