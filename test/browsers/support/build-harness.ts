import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { sourceAlias } from '../../../source-alias.ts';
import type { HarnessScripts } from '../server/page-server.ts';

const ENTRIES = { page: 'page.ts', memory: 'memory-page.ts', react: 'react-page.tsx' } as const;

/** Builds the harness pages from the package's sources in memory. */
export async function buildHarness(): Promise<HarnessScripts> {
  const scripts = Object.entries(ENTRIES).map(async ([name, file]) => [name, await buildOne(file)] as const);
  return Object.fromEntries(await Promise.all(scripts)) as HarnessScripts;
}

async function buildOne(file: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    root: fileURLToPath(new URL('../harness', import.meta.url)),
    resolve: { alias: sourceAlias },
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      rolldownOptions: { input: fileURLToPath(new URL(`../harness/${file}`, import.meta.url)) },
    },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rolldown.RolldownOutput];
  if (output.length !== 1) throw new Error(`${file} was built into ${output.length} files, not one.`);
  return output[0].code;
}
