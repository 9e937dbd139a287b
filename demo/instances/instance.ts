import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { createClient } from 'redis';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { createSessions, serverPlatform, type ServerPlatform, type SessionStore } from 'unexpired/server';
import { file } from 'unexpired/server/file';
import { redis } from 'unexpired/server/redis';
import { DemoProblem } from '../server/demo-problem.ts';
import { listen } from '../server/listening.ts';
import type { InstanceMessage, InstanceSettings } from './messages.ts';

/** No session outlives the embedded API for long. */
const LIFE_MS = 24 * 60 * 60_000;

/** A running instance. */
export interface RunningInstance {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Starts an instance of the server that keeps the sessions: its handler, and the proxy of the API.
 *
 * @param send gets the refreshes of this instance
 * @throws DemoProblem when the store cannot be reached
 */
export async function startInstance(settings: InstanceSettings, send: (message: InstanceMessage) => void): Promise<RunningInstance> {
  const { apiUrl, appKey, secret } = settings;
  const { store, close: closeStore } = await openStore(settings);
  const protocol = bonfire({ baseUrl: apiUrl, appKey });
  const sessions = createSessions({
    protocol,
    store,
    secrets: [secret],
    idleMs: LIFE_MS,
    absoluteMs: LIFE_MS,
    cookie: { name: 'bonfire_server', secure: false }, // The demo has no HTTPS.
    platform: reporting(serverPlatform(), `${apiUrl}/oauth`, send),
    proxy: { '/api': { to: apiUrl, maxConcurrent: 200 } },
    async signIn(request) {
      const { botId } = (await request.json()) as { readonly botId?: unknown };
      return createBotTokens(protocol, [String(botId)]);
    },
  });
  // The adaptor creates an HTTP/1 server unless it is given another one.
  const server = createAdaptorServer({
    fetch: (request) => (new URL(request.url).pathname.startsWith('/auth/') ? sessions.handler(request) : sessions.proxy(request)),
  }) as Server;
  const { port, close } = await listen(server, 0, 'PORT');
  return {
    port,
    async close() {
      await close();
      await sessions.close();
      await closeStore();
    },
  };
}

interface OpenStore {
  readonly store: SessionStore;
  readonly close: () => Promise<void>;
}

async function openStore({ directory, redisUrl, prefix }: InstanceSettings): Promise<OpenStore> {
  if (redisUrl === null) return { store: file(directory), close: async () => undefined };
  const client = createClient({ url: redisUrl, socket: { connectTimeout: 3000, reconnectStrategy: (tries) => Math.min(2000, 100 * 2 ** tries) } });
  const failed = new Promise<never>((_, reject) => {
    client.on('error', (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))));
  });
  failed.catch(() => undefined); // Once it is connected, the client connects again by itself.
  await Promise.race([client.connect(), failed]).catch(() => {
    throw new DemoProblem('REDIS_URL names a Redis that cannot be reached. Start it, or unset REDIS_URL to keep the sessions in files.');
  });
  return { store: redis(client, { prefix }), close: async () => client.destroy() };
}

/** Reports each refresh. */
function reporting(platform: ServerPlatform, refreshUrl: string, send: (message: InstanceMessage) => void): ServerPlatform {
  return {
    ...platform,
    async fetch(input, init) {
      if ((input instanceof Request ? input.url : String(input)) !== refreshUrl) return platform.fetch(input, init);
      send({ type: 'refreshSent' });
      try {
        const response = await platform.fetch(input, init);
        send({ type: 'refreshAnswered', isGood: response.ok });
        return response;
      } catch (error) {
        send({ type: 'refreshAnswered', isGood: false });
        throw error;
      }
    },
  };
}
