import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { sourceAlias } from '../../source-alias.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** A script that Node can run, in a directory of its own. */
export interface InstanceBuild {
  readonly script: string;
  /** A directory for the sessions, unless they are in Redis. */
  readonly sessions: string;
  readonly remove: () => Promise<void>;
}

/** Builds the code of an instance once, so that each process starts fast. It is inside the repository, where Node finds the packages. */
export async function buildInstance(): Promise<InstanceBuild> {
  const root = path('../../node_modules/.cache');
  await mkdir(root, { recursive: true });
  const folder = await mkdtemp(join(root, 'bonfire-'));
  await build({
    configFile: false,
    root: path('../..'),
    logLevel: 'error',
    resolve: { alias: sourceAlias },
    build: { ssr: path('./instance.ts'), outDir: join(folder, 'code'), minify: false, rolldownOptions: { output: { entryFileNames: 'instance.mjs' } } },
  });
  return { script: join(folder, 'code', 'instance.mjs'), sessions: join(folder, 'sessions'), remove: () => rm(folder, { recursive: true, force: true }) };
}
