import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { API_TABLE } from '../../storybook/docs/api-table.ts';
import { BACKEND_REQUIREMENTS, DUTIES, PAGE_REQUIREMENTS, WIRE } from '../../storybook/docs/obligations.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(root + file, 'utf8');
const PAGES = readdirSync(`${root}storybook`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mdx')).map((file) => join('storybook', file));
const DOCUMENTS = [...PAGES, 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'test/simulation/README.md', 'test/browsers/README.md'];

/** Paths in backticks, or given to a component as `file`, that start in a folder of ours. */
const pathsIn = (text: string) => [...text.matchAll(/(?:`|file=")((?:src|test|demo|bench|storybook)\/[\w./-]+)(?:`|")/g)].map(([, path]) => path ?? '');

it.each(DOCUMENTS)('%s names no file that is not there', (document) => {
  expect(pathsIn(read(document)).filter((path) => !existsSync(root + path))).toEqual([]);
});

/** Claims of the tests, as `file#claim`: each is a comment `// claim: <id>` right above a test. */
const TEST_FILES = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!node_modules\/.*)\.tsx?$/.test(file)).map((file) => join('test', file));
const CLAIMS = TEST_FILES.flatMap((file) => {
  const lines = read(file).split('\n');
  return lines.flatMap((line, index) => {
    const id = /^ *\/\/ claim: (.*)$/.exec(line)?.[1];
    return id === undefined ? [] : [{ id, file, next: lines[index + 1] ?? '' }];
  });
});

describe('claims', () => {
  const cited = [
    ...[...read('SECURITY.md').matchAll(/`(test\/[\w./-]+#[\w-]+)`/g)].map(([, citation = '']) => citation),
    ...[...DUTIES, ...WIRE, ...PAGE_REQUIREMENTS, ...BACKEND_REQUIREMENTS]
      .flatMap(({ shownBy }) => (shownBy === 'not yet' ? [] : shownBy))
      .map(({ claim, file }) => `${file}#${claim}`),
  ];
  const made = CLAIMS.map(({ id, file }) => `${file}#${id}`);

  it('stand right above a test, each with an id of its own in kebab-case', () => {
    expect(CLAIMS.filter(({ id, next }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id) || !/^ *(?:it|test)(?:\.each)?[(`<]/.test(next))).toEqual([]);
    expect(CLAIMS.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('are in the file for which SECURITY.md or the obligations cite them', () => {
    expect(cited.length).toBeGreaterThan(60);
    expect(cited.filter((citation) => !made.includes(citation))).toEqual([]);
  });

  it('are each cited by SECURITY.md or by the obligations', () => {
    expect(made.filter((claim) => !cited.includes(claim))).toEqual([]);
  });
});

describe('the documentation pages', () => {
  const idOf = (page: string) => `${/<Meta title="(.+)" \/>/.exec(read(page))?.[1]?.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/-$/, '')}--docs`;
  /** As `github-slugger` makes the ids of headings. */
  const slugOf = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
  const headingsOf = (page: string) => new Set(['', ...[...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slugOf(heading))]);
  const headings = new Map(PAGES.map((page) => [idOf(page), headingsOf(page)]));

  it.each(PAGES)('%s says in its first line what it is for', (page) => {
    expect(read(page)).toMatch(/\n# .+\n\nThis page .+\n/);
  });

  it.each(PAGES)('%s links to pages that are there, and imports files that are there', (page) => {
    const links = [...read(page).matchAll(/\]\((?:\?path=\/docs\/([\w-]+))?(?:#([\w-]+))?\)/g)].map(([, id = idOf(page), heading = '']) => ({ id, heading }));
    expect(links.filter(({ id, heading }) => !headings.get(id)?.has(heading))).toEqual([]);
    const head = read(page).split('<Meta')[0] ?? '';
    const files = [...head.matchAll(/^import .+ from '(\..+?)(?:\?raw)?';$/gm)].map(([, file = '']) => join(root, dirname(page), file));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('show the README’s table of public names, row by row', () => {
    expect(API_TABLE.length).toBeGreaterThan(30);
    expect(API_TABLE.filter((row) => row.length !== 2 || row.includes(''))).toEqual([]);
  });

  it.each(readdirSync(`${root}test/clients/recipes`))('show %s, the file that is tested', (file) => {
    expect(PAGES.some((page) => read(page).includes(`test/clients/recipes/${file}?raw`))).toBe(true);
  });
});
