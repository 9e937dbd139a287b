import type { Server } from 'node:http';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { createBonfireApi, isConnectionDrop, type BonfireApi } from 'unexpired/testing';
import { createControl } from './server/control.ts';
import { DemoProblem } from './server/demo-problem.ts';
import type { DemoSettings } from './server/demo-settings.ts';
import { listen, type Listening } from './server/listening.ts';
import { seedPosts } from './server/seed-posts.ts';

const BASE_PATH = '/v1';

/** Short, so that a visitor sees refreshes. */
const LIFETIME_MS = 30_000;

/** The embedded API behind real HTTP. */
export interface RunningApi {
  readonly url: string;
  readonly controlUrl: string;
  readonly close: () => Promise<void>;
}

/** Starts the API and the routes that control it. */
export async function startApi(settings: DemoSettings): Promise<RunningApi> {
  let clockMs = 0;
  const api = createBonfireApi({
    appKey: settings.appKey,
    basePath: BASE_PATH,
    accessTokenLifetimeMs: LIFETIME_MS,
    exposeHeaders: ['Retry-After'], // Without this, a page of another origin cannot read how long to wait.
    now: () => Date.now() + clockMs,
  });
  await seedPosts(api, settings.appKey, (agoMs) => (clockMs = -agoMs));
  const control = createControl(api);
  const { origin, close } = await listenNear(settings, (request, { incoming }) => {
    if (new URL(request.url).pathname.startsWith('/control/')) return control.fetch(request);
    return answer(api, request, () => incoming.socket.destroy());
  });
  return {
    url: origin + BASE_PATH,
    controlUrl: `${origin}/control`,
    close: async () => {
      api.clearFaults(); // Releases hanging requests.
      await close();
    },
  };
}

async function answer(api: BonfireApi, request: Request, breakConnection: () => void): Promise<Response> {
  try {
    return await api.fetch(request);
  } catch (error) {
    if (!isConnectionDrop(error) && !request.signal.aborted) throw error;
    breakConnection();
    return RESPONSE_ALREADY_SENT;
  }
}

type Answer = (request: Request, bindings: HttpBindings) => Response | Promise<Response>;

async function listenNear({ pagePort, apiPort }: DemoSettings, fetch: Answer): Promise<Listening> {
  const serve = (port: number) => {
    // The adaptor creates an HTTP/1 server unless it is given another one.
    const server = createAdaptorServer({ fetch: (request, env) => fetch(request, env as HttpBindings) }) as Server;
    return listen(server, port, 'API_PORT');
  };
  if (apiPort !== null) return serve(apiPort);
  const near = pagePort === 0 || pagePort === 65_535 ? 0 : pagePort + 1;
  return serve(near).catch((error: unknown) => {
    if (error instanceof DemoProblem) return serve(0);
    throw error;
  });
}
