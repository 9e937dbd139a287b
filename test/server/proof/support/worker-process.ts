import { readFile } from 'node:fs/promises';
import { startProgram, type ChildProgram } from '../../support/child-program.ts';
import { until } from '../../support/until.ts';

/** Starts a script that listens on a port, and waits until it answers. */
export async function startWorker(folder: string, script: string, port: number, args: readonly string[]): Promise<ChildProgram> {
  const program = await startProgram(folder, process.execPath, [script, ...args]);
  try {
    await until('a process to answer', () => fetch(`http://127.0.0.1:${port}/ready`).then(() => true, () => false));
    return program;
  } catch (error) {
    const output = await program.output().catch(() => '');
    await program.stop();
    throw new Error(`${String(error)}\n${output}`);
  }
}

/** Reads a file with one JSON text a line. The last line of a process that was killed may be incomplete. */
export async function readLines<T>(path: string): Promise<T[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as T);
}
