// Puts the package into a folder, as it is published: `npm run stage`, then `npm publish .package`.
//
// A page of a registry cannot follow the README's links into the repository. If package.json has a `homepage`, the links
// become addresses below it. Without one, the pages travel in the package as Markdown.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { idOf, toMarkdown, withoutDeadLinks } from './to-markdown.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const PAGES = 'storybook/docs/';
const LINK = /(\]\(|srcset="|src=")(?!https?:|#)([^)"#]+)/g;

/** What the README says about its links in the repository, and what it says in the package. */
const WORDS = [
  [/ \(in the repository\)/g, ''],
  [/The pages are in the repository\. Read them in a clone with `npm ci && npm run storybook`, because .*? code\./, 'The pages are in the folder `docs`.'],
];

/**
 * Writes the package.
 *
 * @param folder the target, which is emptied first
 * @param homepage the address of the repository, such as `https://github.com/owner/name`; by default that of package.json,
 * which is the one place that names it
 */
async function stage(folder, homepage = manifestOf().homepage) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { scripts: _scripts, devDependencies: _development, workspaces: _workspaces, files, ...manifest } = manifestOf();
  for (const file of files) if (existsSync(join(root, file))) cpSync(join(root, file), join(folder, file), { recursive: true });
  const place = homepage === undefined ? { files: [...files, 'docs'] } : { files, homepage, repository: { type: 'git', url: `git+${homepage}.git` }, bugs: { url: `${homepage}/issues` } };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, ...place }, null, 2)}\n`);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const packed = homepage === undefined ? await withPages(readme, folder) : withAddresses(readme, homepage, manifest.version);
  writeFileSync(join(folder, 'README.md'), packed);
}

function manifestOf() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

function withAddresses(readme, homepage, version) {
  return readme.replace(LINK, (_, start, path) => `${start}${homepage}/${path.endsWith('.png') ? 'raw' : 'blob'}/v${version}/${path}`);
}

/** Writes the pages, and the files that the README links to, into `docs`. */
async function withPages(readme, folder) {
  const files = readdirSync(join(root, PAGES), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mdx'));
  const targets = new Map(files.map((file) => [idOf(readFileSync(join(root, PAGES, file), 'utf8')), pageTarget(file)]));
  const pages = await Promise.all(files.map(async (file) => [pageTarget(file), await toMarkdown(join(root, PAGES, file), pageTarget(file), targets)]));
  for (const [target, text] of pages) write(join(folder, target), text);
  const light = readme.replace(/<source [^>]*>\s*/, ''); // One picture is enough.
  const linked = light.replace(LINK, (_, start, path) => start + targetOf(path, folder));
  return WORDS.reduce((text, [from, to]) => text.replace(from, to), linked);
}

const pageTarget = (file) => join('docs', file.replace(/\.mdx$/, '.md'));

/** Returns the path of a linked file in the package. Copies it, unless it is there already. */
function targetOf(path, folder) {
  if (path.startsWith(PAGES)) return pageTarget(path.slice(PAGES.length));
  if (existsSync(join(folder, path))) return path;
  const target = path.startsWith('docs/') ? path : join('docs', path.endsWith('/README.md') ? `${dirname(path)}.md` : basename(path));
  if (path.endsWith('.md')) write(join(folder, target), withoutDeadLinks(readFileSync(join(root, path), 'utf8'), folder));
  else write(join(folder, target), readFileSync(join(root, path)));
  return target;
}

function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder = join(root, '.package'), homepage] = process.argv;
  await stage(folder, homepage);
  console.log(`The package is in ${folder}. Publish it with \`npm publish ${folder}\`.`);
}
