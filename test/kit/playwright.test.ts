import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { expect, it, onTestFinished } from 'vitest';
import { sourceAlias } from '../../source-alias.ts';
import { chromiumPath } from '../browser/support/browser-path.ts';
import { patience } from '../support/pace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = fileURLToPath(new URL('./playwright', import.meta.url));

interface Report {
  readonly suites: readonly {
    readonly specs: readonly {
      readonly title: string;
      readonly ok: boolean;
      readonly tests: readonly { readonly results: readonly { readonly errors: readonly { readonly message: string }[] }[] }[];
    }[];
  }[];
  readonly errors: readonly { readonly message: string }[];
}

/** Runs Playwright's own test runner, and resolves to its report as JSON. */
function runPlaywright(origin: string, output: string): Promise<string> {
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  const env = { ...process.env, APP_ORIGIN: origin, CHROMIUM: chromiumPath(), NODE_OPTIONS: '' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, 'test', '--config', folder, '--output', output], { cwd: root, env, maxBuffer: 1e8, timeout: patience(90_000) }, (error, stdout, stderr) => {
      if (error && stdout === '') reject(new Error(`Playwright ended without a report. ${stderr}`, { cause: error }));
      else resolve(stdout);
    });
  });
}

it('bonfireFixtures lets a Playwright test start signed in and control the API behind the page', async () => {
  const outDir = await mkdtemp(join(tmpdir(), 'app-'));
  onTestFinished(() => rm(outDir, { recursive: true }));
  const app = { configFile: false as const, root: join(folder, 'app'), logLevel: 'error' as const, resolve: { alias: sourceAlias }, build: { outDir, target: 'es2022' } };
  await build(app);
  const server = await preview({ ...app, preview: { port: 0, host: '127.0.0.1' } });
  onTestFinished(() => server.close());

  const report = JSON.parse(await runPlaywright(server.resolvedUrls?.local[0] ?? '', join(outDir, 'results'))) as Report;
  const specs = report.suites.flatMap((suite) => suite.specs);
  const failures = specs.filter((spec) => !spec.ok).map((spec) => [spec.title, ...spec.tests.flatMap((test) => test.results.flatMap((result) => result.errors.map((error) => error.message)))]);
  expect([...report.errors, ...failures]).toEqual([]);
  expect(specs).toHaveLength(8);
});
