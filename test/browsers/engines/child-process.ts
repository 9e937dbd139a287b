import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Readable } from 'node:stream';

const PATIENCE_MS = 20_000;

/** A program that was started here and has to be ended here. */
export interface Started {
  readonly child: ChildProcess;
  /** Ends the program and all it has started, and waits for its end. */
  readonly end: () => Promise<void>;
}

/** Starts a program as the head of a process group of its own. */
export function start(path: string, args: readonly string[], stdio: StdioOptions, env: NodeJS.ProcessEnv = process.env): Started {
  const child = spawn(path, args, { stdio, env, detached: true });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  const onExit = () => kill('SIGKILL');
  process.once('exit', onExit); // Whatever becomes of the tests, nothing of this stays behind.
  return {
    child,
    end: async () => {
      process.off('exit', onExit);
      kill('SIGTERM');
      await ended;
      kill('SIGKILL');
    },
  };
}

/** Waits until a program has said something; fails when it ends before that, or keeps quiet. */
export function said(program: string, { child }: Started, stream: Readable, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`${program} said nothing of the kind ${String(pattern)}: ${text}`)), PATIENCE_MS);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with code ${code}: ${text}`)));
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const match = pattern.exec(text);
      if (!match) return;
      clearTimeout(timer);
      resolve(match);
    });
  });
}
