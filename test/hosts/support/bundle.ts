import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { sourceAlias } from '../../../source-alias.ts';

/** The modules of an app of React Native. */
const MODULES = ['react-native', 'expo-crypto', 'expo-secure-store'].map((find) => ({ find, replacement: fileURLToPath(new URL('../react-native/modules.ts', import.meta.url)) }));

/** Builds a script of `test/hosts/scripts` and the package's sources into one module, which any host can run. */
export async function bundle(script: string): Promise<string> {
  const entry = fileURLToPath(new URL(`../scripts/${script}`, import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    resolve: { alias: [...MODULES, ...(process.env['UNEXPIRED_TARGET'] === 'dist' ? [] : sourceAlias)] },
    build: { write: false, minify: false, target: 'es2022', lib: { entry, formats: ['es'] }, rolldownOptions: { external: /^node:/ } },
  });
  const [{ output }] = (Array.isArray(built) ? built : [built]) as [Rolldown.RolldownOutput];
  return output[0].code;
}
