import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { API_TABLE } from '../../storybook/docs/api-table.ts';
import { DUTIES, WIRE } from '../../storybook/docs/obligations.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(root + file, 'utf8');
const PAGES = readdirSync(`${root}storybook`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mdx')).map((file) => join('storybook', file));
const DOCUMENTS = [...PAGES, 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'test/simulation/README.md', 'test/browsers/README.md'];

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

describe('the documentation pages', () => {
  const idOf = (page: string) => `${/<Meta title="(.+)" \/>/.exec(read(page))?.[1]?.toLowerCase().replace(/[^a-z0-9]+/g, '-')}--docs`;
  const ids = new Set(PAGES.map(idOf));

  it.each(PAGES)('%s says in its first line what it is for', (page) => {
    expect(read(page)).toMatch(/\n# .+\n\nThis page .+\n/);
  });

  it.each(PAGES)('%s links to pages that are there, and imports files that are there', (page) => {
    const links = [...read(page).matchAll(/\(\?path=\/docs\/([\w-]+)/g)].map(([, id = '']) => id);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
    const head = read(page).split('<Meta')[0] ?? '';
    const files = [...head.matchAll(/^import .+ from '(\..+?)(?:\?raw)?';$/gm)].map(([, file = '']) => join(root, dirname(page), file));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('name tests that are there for each obligation', () => {
    for (const { test, file } of [...DUTIES, ...WIRE].flatMap(({ shownBy }) => shownBy)) expect([test, read(file).includes(test)]).toEqual([test, true]);
  });

  it('show the README’s table of public names, row by row', () => {
    expect(API_TABLE.length).toBeGreaterThan(30);
    expect(API_TABLE.filter((row) => row.length !== 2 || row.includes(''))).toEqual([]);
  });

  it.each(readdirSync(`${root}test/clients/recipes`))('show %s, the file that is tested', (file) => {
    expect(PAGES.some((page) => read(page).includes(`test/clients/recipes/${file}?raw`))).toBe(true);
  });
});
