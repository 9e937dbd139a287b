import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { file } from 'unexpired/server/file';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { bundle } from '../../hosts/support/bundle.ts';
import { firstRow } from '../support/rows.ts';

let folder: string;
let script: string;
let directory: string;
let running: ChildProcess[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unexpired-files-'));
  script = join(folder, 'file-counter.mjs');
  await writeFile(script, await bundle('../../server/scripts/file-counter.ts'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  running = [];
  directory = await mkdtemp(join(folder, 'sessions-'));
  await file(directory).insert('counter', firstRow({ text: '0' }));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a process that counts. `steps` is what it has printed so far. */
function start(steps: number) {
  const child = spawn(process.execPath, [script, directory, String(steps)], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let made = 0;
  child.stdout.on('data', (data: Buffer) => (made += data.toString().split('\n').length - 1));
  const closed = once(child, 'close');
  return { child, closed, steps: () => made, firstStep: once(child.stdout, 'data') };
}

const count = async () => Number((await file(directory).read('counter', 60_000))?.text);

it('four processes that write one session at the same time lose no write', async () => {
  const processes = Array.from({ length: 4 }, () => start(30));
  await Promise.all(processes.map(({ closed }) => closed));
  expect(processes.map(({ steps }) => steps())).toEqual([30, 30, 30, 30]);
  expect(await count()).toBe(120);
});

it('processes that are killed block no other, and lose no write', async () => {
  const killed = Array.from({ length: 3 }, () => start(1e6));
  await Promise.all(killed.map(({ firstStep }) => firstStep));
  const survivor = start(20);
  await survivor.firstStep;
  for (const { child } of killed) child.kill('SIGKILL');
  await Promise.all([survivor, ...killed].map(({ closed }) => closed));
  expect(survivor.steps()).toBe(20);
  const printed = [survivor, ...killed].reduce((sum, { steps }) => sum + steps(), 0);
  expect(await count()).toBeGreaterThanOrEqual(printed);
  expect(await count()).toBeLessThanOrEqual(printed + killed.length); // Each may have died before it printed its last step.
});

it('a process that is paused blocks no other, and overwrites nothing when it goes on', async () => {
  const paused = start(60);
  await paused.firstStep;
  paused.child.kill('SIGSTOP');
  const other = start(60);
  await other.closed;
  expect(other.steps()).toBe(60);
  paused.child.kill('SIGCONT');
  await paused.closed;
  expect(paused.steps()).toBe(60);
  expect(await count()).toBe(120);
});
