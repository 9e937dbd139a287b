import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { file } from 'unexpired/server/file';
import { checkStoreContract } from 'unexpired/server/testing';
import { afterEach, beforeEach, it } from 'vitest';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'unexpired-files-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('file keeps the contract of a store', async () => {
  await checkStoreContract(() => file(join(directory, 'not/yet/there')));
});
