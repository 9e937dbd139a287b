import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { expect, it } from 'vitest';
import { manifest, packedFiles, root } from './support/package.ts';

const DOCUMENTS = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'];

it('publint reports nothing about the package', async () => {
  const { messages } = await publint({ pkgDir: root, strict: true });
  expect(messages).toEqual([]);
});

it('the tarball contains the entry points, their types, the chunks they import, the documents, and no other file', () => {
  expect(packedFiles().toSorted()).toEqual([...DOCUMENTS, ...withImports(entryFiles())].toSorted());
});

/** The files that package.json names, for apps and for the package's own imports, and their types. The sources stay out. */
function entryFiles(): string[] {
  const named = Object.values({ ...manifest.exports, ...manifest.imports }).flatMap((entry) => (typeof entry === 'string' ? [] : Object.values(entry)));
  const files = named.map((file) => file.replace(/^\.\//, '')).filter((file) => file.startsWith('dist/'));
  return [...files, 'dist/postgres.sql', ...files.filter((file) => file.endsWith('.js')).map(typesOf)];
}

/** Files, and all that they import from the package: code imports code, and types import types. */
function withImports(entries: readonly string[]): string[] {
  const found = new Set(entries);
  for (const file of found) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']\.\/([\w.-]+\.js)["']/g)) found.add(file.endsWith('.d.ts') ? typesOf(`dist/${name}`) : `dist/${name}`);
  }
  return [...found];
}

function typesOf(file: string): string {
  return file.replace(/\.js$/, '.d.ts');
}
