import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(root + file, 'utf8');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'test/simulation/README.md', 'test/browsers/README.md'];

/** Paths in backticks that start in a folder of ours. */
const pathsIn = (text: string) => [...text.matchAll(/`((?:src|test|demo|bench|storybook)\/[\w./-]+)`/g)].map(([, path]) => path ?? '');

it.each(DOCUMENTS)('%s names no file that is not there', (document) => {
  expect(pathsIn(read(document)).filter((path) => !existsSync(root + path))).toEqual([]);
});

it('SECURITY.md quotes tests that are there by just that name', () => {
  const claims = [...read('SECURITY.md').matchAll(/((?:"[^"]+"(?:,? and |, )?)+) in `(test\/[\w./-]+)`/g)];
  expect(claims.length).toBeGreaterThan(15);
  for (const [, names = '', file = ''] of claims) {
    for (const [, name = ''] of names.matchAll(/"([^"]+)"/g)) expect([file, name, read(file).includes(name)]).toEqual([file, name, true]);
  }
});
