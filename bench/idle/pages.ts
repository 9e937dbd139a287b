import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { IDLE_PEERS, type IdlePeerName } from './names.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** The script of a peer's page. */
export const scriptOf = (peer: IdlePeerName) => `/pages/${peer}.js`;

/** Bundles the page of each peer as an app does. Returns the text of each file by its path. */
export async function bundleIdlePages(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: Object.entries(IDLE_PEERS).map(([name, { file }]) => ({ in: path(`./peers/${file}`), out: name })),
    bundle: true,
    format: 'esm',
    minify: true,
    write: false,
    outdir: '/pages',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    conditions: ['production', 'module'],
    nodePaths: [path('../node_modules')],
    alias: { '@angular/core': path('./angular.cjs'), '@angular/common': path('./angular.cjs'), '@angular/common/http': path('./angular.cjs'), rxjs: path('./angular.cjs'), 'rxjs/operators': path('./angular.cjs') },
    jsx: 'automatic',
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path: name, text }) => [name, text]));
}
