import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PageFile } from '../server/server.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const HTML = '<!doctype html><meta charset="utf-8"><title>bench</title><link rel="icon" href="data:,"><div id="root"></div>';

/** Bundles the pages like an app: minified, with each peer in its own chunks. */
export async function bundlePages(): Promise<ReadonlyMap<string, PageFile>> {
  const { outputFiles } = await build({
    entryPoints: [path('./page.ts'), path('./react.tsx'), path('./door.ts')],
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    write: false,
    outdir: '/pages',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    conditions: ['production', 'module'], // As bundlers set them when they build an app.
    nodePaths: [path('../node_modules')],
    alias: { react: path('../node_modules/react'), 'react-dom': path('../node_modules/react-dom') }, // All bindings use the same React.
    jsx: 'automatic',
    logLevel: 'error',
  });
  const files = outputFiles.map((file): [string, PageFile] => [file.path, { type: 'text/javascript', text: file.text }]);
  return new Map([...files, ['/page', htmlFor('/pages/page.js')], ['/react', htmlFor('/pages/react.js')], ['/door', htmlFor('/pages/door.js')]]);
}

function htmlFor(script: string): PageFile {
  return { type: 'text/html', text: `${HTML}<script type="module" src="${script}"></script>` };
}
