import { createServer as createHttpServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createServer as createViteServer } from 'vite';
import type { DemoApis } from '../environment.ts';
import { forward, isForInstances } from '../instances/balancer.ts';
import type { Fleet } from '../instances/fleet.ts';
import type { DemoSettings } from './demo-settings.ts';
import { listen, type Listening } from './listening.ts';

/**
 * Serves the page with Vite as middleware, so that the demo itself handles ports, signals and exit codes.
 *
 * @param fleet the instances behind the same address; `null` if there are none
 */
export async function startPage(settings: DemoSettings, apis: DemoApis, fleet: Fleet | null): Promise<Pick<Listening, 'origin' | 'close'>> {
  const server = createHttpServer();
  // The port comes first, because Vite need not start if it is in use.
  const listening = await listen(server, settings.pagePort, 'PORT');
  const vite = await createViteServer({
    configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
    logLevel: 'warn',
    clearScreen: false,
    define: definitions({ VITE_APIS: apis, VITE_APP_KEY: settings.appKey }),
    server: { middlewareMode: true, ws: { server } },
  });
  server.on('request', (incoming, outgoing) => {
    if (fleet && isForInstances(incoming)) void forward(fleet, incoming, outgoing);
    else vite.middlewares(incoming, outgoing);
  });
  return {
    origin: listening.origin,
    close: async () => {
      await vite.close();
      await listening.close();
    },
  };
}

function definitions(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`import.meta.env.${name}`, JSON.stringify(value)]));
}
