import type { Server } from 'node:http';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import { createBonfireApi, isConnectionDrop, type BonfireApi, type BonfireSettingsPatch } from 'unexpired/testing';
import type { DemoApi, DemoApis } from './environment.ts';
import type { Fleet } from './instances/fleet.ts';
import { addFleetControl } from './instances/fleet-control.ts';
import { createControl } from './server/control.ts';
import { DemoProblem } from './server/demo-problem.ts';
import type { DemoSettings } from './server/demo-settings.ts';
import { listen, type Listening } from './server/listening.ts';
import { seedPosts } from './server/seed-posts.ts';

/** Short, so that a visitor sees refreshes. */
const LIFETIME_MS = 30_000;

/** An API whose refresh token is in a cookie. The cookie is not `Secure`, because the demo has no HTTPS. */
const IN_COOKIE = { refreshToken: 'cookie', cookie: { secure: false, hintCookie: 'bonfire_session', maxAgeMs: 86_400_000 } } as const;

/** The embedded APIs behind real HTTP. */
export interface RunningApis {
  readonly apis: DemoApis;
  readonly close: () => Promise<void>;
}

/**
 * Starts the APIs and the routes that control them.
 *
 * @param fleet the instances that are controlled, too, and have an API of their own; `null` if there are none
 */
export async function startApis(settings: DemoSettings, fleet: Fleet | null): Promise<RunningApis> {
  const page = await createEmbedded(settings, '');
  const cookie = await createEmbedded(settings, '/cookie', IN_COOKIE);
  const server = fleet && (await createEmbedded(settings, '/server'));
  if (fleet && server) addFleetControl(server.control, fleet);
  const others = [cookie, ...(server ? [server] : [])];
  const { origin, close } = await listenNear(settings, (request, { incoming }) => {
    const { pathname } = new URL(request.url);
    const of = others.find(({ path }) => pathname.startsWith(`${path}/`)) ?? page;
    return of.answer(request, () => incoming.socket.destroy());
  });
  const at = ({ path }: Embedded): DemoApi => ({ url: `${origin}${path}/v1`, controlUrl: `${origin}${path}/control` });
  return {
    apis: { page: at(page), cookie: at(cookie), server: server && at(server) },
    close: async () => {
      for (const { api } of [page, ...others]) api.clearFaults(); // Releases hanging requests.
      await close();
    },
  };
}

interface Embedded {
  readonly path: string;
  readonly api: BonfireApi;
  readonly control: Hono;
  readonly answer: (request: Request, breakConnection: () => void) => Response | Promise<Response>;
}

/** Creates an API with posts, and its controls. */
async function createEmbedded({ appKey }: DemoSettings, path: string, options: BonfireSettingsPatch = {}): Promise<Embedded> {
  let clockMs = 0;
  const basePath = `${path}/v1`;
  const api = createBonfireApi({
    appKey,
    basePath,
    accessTokenLifetimeMs: LIFETIME_MS,
    exposeHeaders: ['Retry-After'], // Without this, a page of another origin cannot read how long to wait.
    now: () => Date.now() + clockMs,
  });
  await seedPosts({ ...api, basePath }, appKey, (agoMs) => (clockMs = -agoMs));
  api.configure(options);
  const control = createControl(api, `${path}/control`);
  return {
    path,
    api,
    control,
    answer: (request, breakConnection) =>
      new URL(request.url).pathname.startsWith(`${path}/control/`) ? control.fetch(request) : answer(api, request, breakConnection),
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
