import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { API_TABLE } from '../../storybook/docs/api-table.ts';
import { DUTIES, PAGE_REQUIREMENTS, WIRE } from '../../storybook/docs/obligations.ts';
import { DPOP_CHECKS, FAPI_MODULES, OPENID_MODULES, SIGN_IN_ATTACKS } from '../../storybook/docs/sign-in-checks.ts';
import { SEVERAL_APIS } from '../../storybook/docs/several-apis.ts';
import { PROXY_REFUSALS, PROXY_RULES } from '../../storybook/docs/proxy-table.ts';
import { BFF_REQUIREMENTS, COOKIE_REQUIREMENTS, MEDIATING_REQUIREMENTS } from '../../storybook/docs/rfc-10017-backends.ts';
import { LIMIT_REQUIREMENTS } from '../../storybook/docs/session-limits.ts';
import { HANDLER_ATTACKS } from '../../storybook/docs/server-attacks.ts';
import { API_FAILURES, INSTANCE_FAILURES, REQUEST_FAILURES, STORE_FAILURES } from '../../storybook/docs/server-failures.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(root + file, 'utf8');
const PAGES = readdirSync(`${root}storybook`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mdx')).map((file) => join('storybook', file));
const DOCUMENTS = [...PAGES, 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'test/simulation/README.md', 'test/browsers/README.md'];

/** Paths in backticks, or given to a component as `file`, that start in a folder of ours. */
const pathsIn = (text: string) => [...text.matchAll(/(?:`|file=")((?:src|test|demo|bench|storybook)\/[\w./-]+)(?:`|")/g)].map(([, path]) => path ?? '');

it.each(DOCUMENTS)('%s names only files that exist', (document) => {
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
    ...[...DUTIES, ...WIRE, ...PAGE_REQUIREMENTS, ...BFF_REQUIREMENTS, ...MEDIATING_REQUIREMENTS, ...COOKIE_REQUIREMENTS, ...LIMIT_REQUIREMENTS, ...HANDLER_ATTACKS, ...STORE_FAILURES, ...INSTANCE_FAILURES, ...API_FAILURES, ...REQUEST_FAILURES, ...PROXY_RULES, ...PROXY_REFUSALS, ...OPENID_MODULES, ...FAPI_MODULES, ...DPOP_CHECKS, ...SIGN_IN_ATTACKS, ...SEVERAL_APIS]
      .flatMap(({ shownBy }) => (shownBy === 'not yet' ? [] : shownBy))
      .map(({ claim, file }) => `${file}#${claim}`),
  ];
  const made = CLAIMS.map(({ id, file }) => `${file}#${id}`);

  it('stand right above a test, each with an id of its own in kebab-case', () => {
    expect(CLAIMS.filter(({ id, next }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id) || !/^ *(?:it|test)(?:\.each)?[(`<]/.test(next))).toEqual([]);
    expect(CLAIMS.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('are in the file for which SECURITY.md or a table of the pages cites them', () => {
    expect(cited.length).toBeGreaterThan(60);
    expect(cited.filter((citation) => !made.includes(citation))).toEqual([]);
  });

  it('are each cited by SECURITY.md or by a table of the pages', () => {
    expect(made.filter((claim) => !cited.includes(claim))).toEqual([]);
  });
});

/** The values, not the types, that an entry of the package exports. */
function valuesOf(entry: string): string[] {
  const file = entry === 'unexpired' ? 'index.ts' : `${entry.replace('unexpired/', '').replaceAll('/', '-')}.ts`;
  const lists = [...read(`src/${file}`).matchAll(/^export \{([^}]*)\}/gm)].map(([, names = '']) => names);
  return lists.flatMap((names) => names.split(',').map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type ')));
}

describe('the README', () => {
  const sections = read('README.md').split(/^## /m);
  const linksIn = (text: string) => [...text.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, path = '']) => path);
  const { files } = JSON.parse(read('package.json')) as { files: string[] };

  it('has at most 200 lines', () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  });

  it('links only to files that exist', () => {
    const links = sections.flatMap(linksIn);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it('says so when a link leads to a file that is in the repository but not in the package', () => {
    const outside = sections.filter((text) => linksIn(text).some((path) => !files.includes(path)));
    expect(outside.filter((text) => !text.includes('in the repository'))).toEqual([]);
  });
});

describe('the documentation pages', () => {
  const idOf = (page: string) => `${/<Meta title="(.+)" \/>/.exec(read(page))?.[1]?.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/-$/, '')}--docs`;
  /** As `github-slugger` makes the ids of headings. */
  const slugOf = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
  const headingsOf = (page: string) => new Set(['', ...[...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slugOf(heading))]);
  const headings = new Map(PAGES.map((page) => [idOf(page), headingsOf(page)]));

  it.each([...PAGES, 'README.md'])('%s shows a file before another example imports it', (page) => {
    const blocks = [...read(page).matchAll(/^```tsx?(?: (\S+))?\n([\s\S]*?)^```/gm)].map(([, name = '', code = '']) => ({ name, code }));
    const early = blocks.flatMap(({ name, code }, index) => {
      const shown = blocks.slice(0, index).map((block) => block.name.replace(/\.tsx?$/, ''));
      const imported = [...code.matchAll(/ from '(\.[^']+)'/g)].map(([, path = '']) => join(dirname(name), path));
      return imported.filter((path) => !shown.includes(path)).map((path) => `${name} imports ${path}`);
    });
    expect(early).toEqual([]);
  });

  it.each(PAGES)('%s says in its first line what it is for', (page) => {
    expect(read(page)).toMatch(/\n# .+\n\nThis page .+\n/);
  });

  it.each(PAGES)('%s links only to pages that exist, and imports only files that exist', (page) => {
    const links = [...read(page).matchAll(/\]\((?:\?path=\/docs\/([\w-]+))?(?:#([\w-]+))?\)/g)].map(([, id = idOf(page), heading = '']) => ({ id, heading }));
    expect(links.filter(({ id, heading }) => !headings.get(id)?.has(heading))).toEqual([]);
    const head = read(page).split('<Meta')[0] ?? '';
    const files = [...head.matchAll(/^import .+ from '(\..+?)(?:\?raw)?';$/gm)].map(([, file = '']) => join(root, dirname(page), file));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it.each(Object.entries(API_TABLE))('list every public name of %s, and no other', (entry, rows) => {
    const listed = rows.map(([name]) => name).join(' ');
    const base = entry === 'unexpired' ? valuesOf('unexpired/core') : [];
    const exported = valuesOf(entry).filter((name) => !base.includes(name));
    expect(exported.filter((name) => !new RegExp(`\\b${name}\\b`).test(listed))).toEqual([]);
    expect(rows.filter(([name, what]) => what === '' || !exported.some((value) => new RegExp(`\\b${value}\\b`).test(name)) && !/^`client\./.test(name))).toEqual([]);
  });

  it.each(readdirSync(`${root}test/clients/recipes`))('show %s, the file that is tested', (file) => {
    expect(PAGES.some((page) => read(page).includes(`test/clients/recipes/${file}?raw`))).toBe(true);
  });
});
