import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { patience } from '../../support/pace.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The path of the site. Many static hosts do not serve it at the root. */
const PATH = '/some/where/';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** A page of the site: a story or a docs page. */
export interface SiteEntry {
  readonly id: string;
  readonly type: 'story' | 'docs';
  readonly tags: readonly string[];
}

/** The static Storybook on a server. */
export interface Site {
  readonly origin: string;
  readonly entries: readonly SiteEntry[];
  /** Returns the address of a page without Storybook's frame and accessibility check, which the stories' own tests make. */
  readonly addressOf: (entry: SiteEntry) => string;
  readonly close: () => Promise<void>;
}

/** Builds the static Storybook and serves it below a path only. */
export async function openSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'storybook-'));
  await promisify(execFile)('npm', ['run', 'build-storybook', '--', '--output-dir', folder], { cwd: root, env: { ...process.env, NODE_ENV: 'production' }, timeout: patience(240_000) });
  const { entries } = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as { entries: Record<string, SiteEntry> };
  const server = createServer(({ url = '/' }, response) => {
    void fileAt(folder, new URL(url, 'http://site').pathname).then(
      ({ type, body }) => response.writeHead(200, { 'content-type': type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    entries: Object.values(entries),
    addressOf: ({ id, type }) => `${origin}${PATH}iframe.html?id=${id}&viewMode=${type}&globals=a11y.manual:!true`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

async function fileAt(folder: string, pathname: string): Promise<{ type: string; body: Buffer }> {
  if (pathname === '/favicon.ico') return { type: 'image/svg+xml', body: Buffer.from('') }; // Browsers request it from every host.
  if (!pathname.startsWith(PATH)) throw new Error(`${pathname} is outside the site.`);
  const file = join(folder, normalize(pathname.slice(PATH.length) || 'index.html'));
  return { type: TYPES[extname(file)] ?? 'application/octet-stream', body: await readFile(file) };
}
