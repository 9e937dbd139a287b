import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifest, run } from './support/package.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unexpired-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the package, and returns the files that its tarball would contain. */
function stage(name: string, ...homepage: readonly string[]): { readonly files: readonly string[]; readonly size: number } {
  run(process.execPath, ['release/stage.js', join(folder, name), ...homepage]);
  const [packed] = JSON.parse(run('npm', ['pack', join(folder, name), '--dry-run', '--json'])) as [{ readonly files: readonly { readonly path: string }[]; readonly size: number }];
  return { files: packed.files.map(({ path }) => path), size: packed.size };
}

const read = (...path: readonly string[]) => readFileSync(join(folder, ...path), 'utf8');

/** The targets of links and pictures, without those in code. */
const linksIn = (text: string) => [...text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(([, link, picture]) => link ?? picture ?? '');

/** As `github-slugger` makes the ids of headings. */
const slugsIn = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-'));

describe('the package, staged without a homepage,', () => {
  let packed: ReturnType<typeof stage>;
  beforeAll(() => {
    packed = stage('alone');
  });

  it('contains each file, heading and picture that its documents link to', () => {
    const documents = packed.files.filter((file) => file.endsWith('.md'));
    expect(documents.length).toBeGreaterThan(25);
    const dead = documents.flatMap((document) =>
      linksIn(read('alone', document)).filter((link) => {
        const [path = '', heading] = link.split('#');
        if (/^https?:/.test(link)) return false;
        const target = path === '' ? document : join(dirname(document), path);
        return !packed.files.includes(target) || (heading !== undefined && !slugsIn(read('alone', target)).includes(heading));
      }).map((link) => `${document}: ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it('has pages that need no Storybook', () => {
    const texts = packed.files.filter((file) => file.startsWith('docs/') && file.endsWith('.md')).map((file) => [file, read('alone', file).replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`]*`/g, '')] as const);
    expect(texts.filter(([, text]) => /\?path=|^import |^<[A-Za-z]|\{\w|undefined \|/m.test(text)).map(([file]) => file)).toEqual([]);
    expect(read('alone', 'docs/reference.md')).toContain('| `useSessionId()` |');
    expect(read('alone', 'docs/guides/react-native.md')).toContain('export function secureStore(): AuthStorage');
  });

  it('has a README that sends no reader to the repository', () => {
    expect(read('alone', 'README.md')).not.toMatch(/in the repository/);
  });

  it('has the entry points of the root, and none of its scripts and tools', () => {
    const staged = JSON.parse(read('alone', 'package.json')) as Record<string, unknown>;
    expect(staged).toMatchObject({ exports: manifest.exports, imports: manifest.imports, dependencies: manifest.dependencies });
    expect(Object.keys(staged)).not.toEqual(expect.arrayContaining(['scripts']));
    expect(Object.keys(staged)).not.toEqual(expect.arrayContaining(['devDependencies']));
  });

  it('carries at most 180 kB of documents, compressed', () => {
    const code = packed.files.filter((file) => file.startsWith('dist/'));
    rmSync(join(folder, 'alone/dist'), { recursive: true, force: true });
    const [{ size }] = JSON.parse(run('npm', ['pack', join(folder, 'alone'), '--dry-run', '--json'])) as [{ readonly size: number }];
    expect(size).toBeLessThan(180_000);
    expect(code.every((file) => !file.endsWith('.map'))).toBe(true);
  });
});

describe('the package, staged with a homepage,', () => {
  const homepage = 'https://forge.example/owner/unexpired';
  let packed: ReturnType<typeof stage>;
  beforeAll(() => {
    packed = stage('linked', homepage);
  });

  it('links to files of the repository at the tag of the version, and carries no pages', () => {
    const links = linksIn(read('linked', 'README.md')).filter((link) => !link.startsWith('#'));
    expect(links.filter((link) => !link.startsWith('https://'))).toEqual([]);
    const { version } = JSON.parse(read('linked', 'package.json')) as { version: string };
    const own = links.filter((link) => link.startsWith(homepage));
    expect(own.length).toBeGreaterThan(20);
    expect(own.filter((link) => !existsSync(link.replace(new RegExp(`^${homepage}/(blob|raw)/v${version.replaceAll('.', '\\.')}/`), '')))).toEqual([]);
    expect(packed.files.filter((file) => file.startsWith('docs/'))).toEqual([]);
    expect(statSync(join(folder, 'linked/README.md')).size).toBeGreaterThan(10_000);
  });

  it('names its repository and where to report a fault', () => {
    expect(JSON.parse(read('linked', 'package.json'))).toMatchObject({ homepage, repository: { type: 'git', url: `git+${homepage}.git` }, bugs: { url: `${homepage}/issues` } });
  });
});
