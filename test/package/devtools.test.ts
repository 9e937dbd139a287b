import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root, run } from './support/package.ts';

const MARK = 'data-unexpired-devtools';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'app-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/unexpired'), 'junction');
  await writeFile(join(folder, 'main.js'), "import { AuthDevtools } from 'unexpired/devtools';\nexport default AuthDevtools;\n");
});
afterAll(() => rm(folder, { recursive: true }));

/** Bundles an app that imports the devtools, and returns the text of the bundle. */
function bundle(nodeEnv: 'production' | 'development'): string {
  const code = `
    import { build } from 'vite';
    const { output } = await build({
      configFile: false, root: ${JSON.stringify(folder)}, logLevel: 'silent', mode: ${JSON.stringify(nodeEnv)},
      build: { write: false, lib: { entry: 'main.js', formats: ['es'] }, rollupOptions: { external: [/^react/] } },
    }).then((built) => [built].flat()[0]);
    process.stdout.write(output.map((chunk) => chunk.code ?? '').join(''));
  `;
  return run(process.execPath, ['--input-type=module', '-e', code], { NODE_ENV: nodeEnv });
}

// claim: no-devtools-in-production
it('a production build contains only a function that returns null in place of the devtools', () => {
  const text = bundle('production');
  expect(text).not.toContain(MARK);
  expect(text.length).toBeLessThan(150);
});

it('a development build contains the devtools', () => {
  expect(bundle('development')).toContain(MARK);
});
