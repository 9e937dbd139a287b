import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

const PATIENCE_MS = 20_000;

/** Runs a program until it ends, or until the tests close its input, by whatever death of theirs; then all it has started ends. */
const GUARD = '{ "$@" </dev/null; kill 0; } & cat >/dev/null; kill 0';

/** A program that was started here and has to be ended here. */
export interface Started {
  readonly child: ChildProcess;
  /** Ends the program and all it has started, and waits for its end. */
  readonly end: () => Promise<void>;
}

/** Starts a program in a process group of its own; what it writes to descriptor 3 can be read. */
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

/** Waits until a program has said something on descriptor 3; fails when it ends before that, or keeps quiet. */
export function said(program: string, { child }: Started, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`${program} did not say that it has started, but ${JSON.stringify(text)}.`)), PATIENCE_MS);
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

/** Has a browser that somebody else has started end with the tests, by whatever death of theirs; call the result once it has ended. */
export function endWithTests({ pid = 0 }: ChildProcess): () => void {
  const guard = spawn('sh', ['-c', 'cat >/dev/null; kill -s KILL -- "-$1" 2>/dev/null', 'sh', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  return () => void guard.stdin.end();
}

function killStubborn(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}
