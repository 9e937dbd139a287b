import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { sourceAlias } from '../../source-alias.ts';

/** Builds the page's script from the package's sources in memory. */
export async function buildPage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('page', import.meta.url)),
    resolve: { alias: sourceAlias },
    build: { write: false, minify: false, target: 'es2022', rolldownOptions: { input: fileURLToPath(new URL('page/page.ts', import.meta.url)) } },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rolldown.RolldownOutput];
  return output[0].code;
}
