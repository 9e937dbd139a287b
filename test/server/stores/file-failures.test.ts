import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { file } from 'unexpired/server/file';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFileVersions } from '../../../src/server/file-versions.ts';
import { firstRow, secondRow } from '../support/rows.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'unexpired-files-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

it.each([undefined, '', 7])('file rejects with `invalid_config` for the directory %j', (wrong) => {
  expect(() => file(wrong as never)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'directory' }));
});

it('the files of file can be read by their owner only', async () => {
  const own = join(directory, 'own');
  await file(own).insert('a', firstRow());
  const [folder = ''] = await readdir(own);
  const [version = ''] = await readdir(join(own, folder));
  const modes = await Promise.all([own, join(own, folder), join(own, folder, version)].map(async (path) => ((await stat(path)).mode & 0o777).toString(8)));
  expect(modes).toEqual(['700', '700', '600']);
});

it('file keeps keys apart that differ in upper and lower case only, and keys that are no names of files', async () => {
  const store = file(directory);
  const keys = ['a', 'A', '../a', '/', 'a\u0000', 'ü'.repeat(500)];
  for (const key of keys) await store.insert(key, firstRow({ text: key, subject: 'one' }));
  for (const key of keys) expect(await store.read(key, 60_000)).toMatchObject({ text: key });
  expect((await store.list('one')).map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
  expect((await readdir(directory)).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
});

it('file rejects with `storage_unavailable` if the directory is a file, without its path', async () => {
  const path = join(directory, 'secret-name');
  await writeFile(path, '');
  await expect(file(path).insert('a', firstRow())).rejects.toThrow(expect.objectContaining({ code: 'storage_unavailable', transient: true, message: expect.stringMatching(/cannot be used \((?:EEXIST|ENOTDIR)\)\. (?!.*secret-name)/) }));
});

it('file rejects with `storage_unavailable` if a session has a file of another program', async () => {
  const store = file(directory);
  await store.insert('a', firstRow());
  const [folder = ''] = await readdir(directory);
  await writeFile(join(directory, folder, '9999999999999'), 'secret');
  await expect(store.read('a', 1000)).rejects.toThrow(expect.objectContaining({ code: 'storage_unavailable', message: expect.not.stringContaining('secret') }));
});

it('file keeps at most 32 versions of a session, and none of a removed one', async () => {
  const store = file(directory);
  await store.insert('a', firstRow());
  for (let turn = 1; turn < 100; turn += 1) expect(await store.replace('a', `etag-${turn}`, secondRow({ etag: `etag-${turn + 1}` }))).toEqual({ isDone: true });
  const [folder = ''] = await readdir(directory);
  expect((await readdir(join(directory, folder))).length).toBeLessThanOrEqual(32);
  await store.remove('a', 'etag-100');
  expect(await readdir(directory)).toEqual([]);
});

it('file removes sessions that are over, and what killed processes have left behind, at a later sign-in', async () => {
  await file(directory).insert('over', firstRow({ idleMs: 1 }));
  await file(directory).insert('live', firstRow());
  await mkdir(join(directory, '.tmp-old'));
  await utimes(join(directory, '.tmp-old'), 0, 0);
  await writeFile(join(directory, '.tmp-new'), '');
  await file(directory).insert('new', firstRow());
  const names = await readdir(directory);
  expect([names.length, names.includes('.tmp-new'), names.includes('.tmp-old')]).toEqual([3, true, false]);
});

it('a lease in a file is over if the clock of the machine was set back by more than its time', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
  const store = file(directory);
  await store.insert('a', firstRow());
  await store.replace('a', 'etag-1', secondRow({ lease: { owner: 'b', leftMs: 10_000 } }));
  expect((await store.read('a', 60_000))?.lease).toEqual({ owner: 'b', leftMs: 10_000 });
  vi.setSystemTime(1_800_000_000_000 - 3_600_000);
  expect((await store.read('a', 60_000))?.lease).toBeNull();
});

it('a writer that was paused for many versions does not write into the place of one that is removed', async () => {
  const versions = createFileVersions(directory);
  await versions.create('folder', { number: 1, text: '1' });
  for (let number = 1; number < 64; number += 1) expect(await versions.add('folder', number, String(number + 1))).toBe(true);
  expect(await versions.add('folder', 5, 'late')).toBe(false);
  expect(await versions.add('folder', 60, 'late')).toBe(false);
  expect(await versions.latest('folder')).toEqual({ number: 64, text: '64' });
  expect(await readdir(join(directory, 'folder'))).not.toContain('6');
});
