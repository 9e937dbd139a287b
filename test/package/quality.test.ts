import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { publint } from 'publint';
import { expect, it } from 'vitest';
import { packedFiles, root } from './support/package.ts';

const run = (command: string, args: readonly string[]) => execFileSync(command, args, { cwd: root, encoding: 'utf8' });
const bin = (name: string) => resolve(root, 'node_modules/.bin', name);

it('publint reports nothing about the package', async () => {
  const { messages } = await publint({ pkgDir: root, strict: true });
  expect(messages).toEqual([]);
});

it('every way of importing the package finds its types', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unexpired-'));
  try {
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder])) as [{ filename: string }];
    expect(() => run(bin('attw'), [join(folder, filename), '--profile', 'esm-only'])).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

it('the tarball contains these files and no others', () => {
  const named = packedFiles().map((path) => path.replace(/-[\w-]{8}\./, '.'));
  expect(named.sort()).toMatchInlineSnapshot(`
    [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "dist/AuthDevtools.d.ts",
      "dist/AuthProvider.js",
      "dist/auth-client.d.ts",
      "dist/base-url.js",
      "dist/bonfire-api.d.ts",
      "dist/bonfire.d.ts",
      "dist/bonfire.js",
      "dist/bonfire.js",
      "dist/browser-platform.js",
      "dist/connection-drop.js",
      "dist/core.d.ts",
      "dist/core.js",
      "dist/create-auth-client.js",
      "dist/create-bonfire-api.js",
      "dist/devtools-off.d.ts",
      "dist/devtools-off.js",
      "dist/devtools.d.ts",
      "dist/devtools.js",
      "dist/index.d.ts",
      "dist/index.js",
      "dist/oauth2.d.ts",
      "dist/oauth2.js",
      "dist/platform.d.ts",
      "dist/protocol.d.ts",
      "dist/query.d.ts",
      "dist/query.js",
      "dist/redact.js",
      "dist/session-storage.d.ts",
      "dist/session-storage.js",
      "dist/snapshot.js",
      "dist/testing-msw.d.ts",
      "dist/testing-msw.js",
      "dist/testing-playwright.d.ts",
      "dist/testing-playwright.js",
      "dist/testing-react.d.ts",
      "dist/testing-react.js",
      "dist/testing.d.ts",
      "dist/testing.js",
      "dist/token-set.d.ts",
      "dist/token-set.js",
      "dist/when-known.js",
      "package.json",
    ]
  `);
});

it('typedoc documents every public name without a warning', () => {
  expect(() => run(bin('typedoc'), ['--emit', 'none', '--logLevel', 'Warn'])).not.toThrow();
}, 120_000);
