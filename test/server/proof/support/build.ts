import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { sourceAlias } from '../../../../source-alias.ts';

const SCRIPTS = ['instance', 'authorization-server'] as const;

/** The folder inside the repository, so that the processes find the clients of the stores. */
const FOLDER = fileURLToPath(new URL('../../../../node_modules/.cache/unexpired-proof', import.meta.url));

/** The paths of the scripts that Node can run. */
export type Scripts = Readonly<Record<(typeof SCRIPTS)[number], string>>;

/** Builds the processes of the proof, with the package's sources or (UNEXPIRED_TARGET=dist) its build. */
export async function buildScripts(): Promise<{ readonly paths: Scripts; readonly remove: () => Promise<void> }> {
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(join(FOLDER, 'scripts-'));
  const paths = await Promise.all(SCRIPTS.map(async (name) => {
    const path = join(folder, `${name}.mjs`);
    await writeFile(path, await bundle(fileURLToPath(new URL(`../processes/${name}.ts`, import.meta.url))));
    return [name, path] as const;
  }));
  return { paths: Object.fromEntries(paths) as Scripts, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: process.env['UNEXPIRED_TARGET'] === 'dist' ? [] : sourceAlias },
    build: { write: false, minify: false, target: 'es2022', lib: { entry, formats: ['es'] }, rolldownOptions: { external: /^(node:|redis$|ioredis$|pg$)/, output: { codeSplitting: false } } },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rolldown.RolldownOutput];
  return output[0].code;
}
