import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const path = (file: string) => fileURLToPath(new URL(`../../../demo/${file}`, import.meta.url));

/** The demo's page, bundled, on its own server. */
export interface DemoPage {
  readonly pageUrl: string;
  readonly close: () => Promise<void>;
}

/**
 * Bundles the demo's page for development and serves it.
 * The demo's own server serves the same page in 150 files, which costs each tab of a test seconds.
 *
 * @param apiUrl the API that the page calls
 * @param serverUrl the address of a demo with `--server`, whose instances answer below the address of the page
 */
export async function serveDemoPage(apiUrl: string, serverUrl: string | null = null): Promise<DemoPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'demo-'));
  const at = (path: string) => ({ url: new URL(`${path}v1`, apiUrl).href, controlUrl: new URL(`${path}control`, apiUrl).href });
  const settings = { APIS: { page: at('/'), cookie: at('/cookie/'), server: serverUrl && at('/server/') }, APP_KEY: 'app-key' };
  const app = { configFile: path('vite.config.ts'), mode: 'development', logLevel: 'error' as const };
  await build({
    ...app,
    define: {
      'process.env.NODE_ENV': '"development"',
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`import.meta.env.VITE_${name}`, JSON.stringify(value)])),
    },
    build: {
      outDir,
      minify: false,
      // Tests import the page's client, so its file has a fixed name.
      rolldownOptions: { input: { main: path('index.html'), auth: path('auth.ts') }, output: { entryFileNames: '[name].js' } },
    },
  });
  const server = await preview({ ...app, build: { outDir }, preview: { port: 0, host: '127.0.0.1', ...(serverUrl && { proxy: { '^/(auth|api)/': serverUrl } }) } });
  return {
    pageUrl: (server.resolvedUrls?.local[0] ?? '').replace(/\/$/, ''),
    close: async () => {
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}
