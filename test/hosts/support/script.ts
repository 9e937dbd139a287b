import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { patience } from '../../support/pace.ts';
import { bundle } from './bundle.ts';

/** A script that runs in a process of its own. */
export interface Script {
  /** The path of a file in the script's folder. */
  readonly path: (file: string) => string;
  /** Runs the script and returns its output. Rejects if it does not end by itself in time, or ends with a failure. */
  readonly run: (task: string, ...more: readonly string[]) => Promise<string>;
}

/**
 * Builds a script of `test/hosts/scripts` for the tests of a file.
 *
 * @param globals a script that runs before it
 */
export function setUpScript(name: string, globals?: string): Script {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'unexpired-'));
    writeFileSync(join(folder, 'script.mjs'), await bundle(name));
    if (globals !== undefined) writeFileSync(join(folder, 'globals.mjs'), await bundle(globals));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    path: (file) => join(folder, file),
    run: (task, ...more) =>
      new Promise((resolve, reject) => {
        const before = globals === undefined ? [] : ['--import', join(folder, 'globals.mjs')];
        execFile(process.execPath, [...before, join(folder, 'script.mjs'), task, ...more], { timeout: patience(30_000) }, (error, output, problems) => {
          if (error) reject(new Error(`${task}: ${error.killed ? 'never ended' : error.message}. ${output} ${problems}`));
          else resolve(output.trim());
        });
      }),
  };
}
