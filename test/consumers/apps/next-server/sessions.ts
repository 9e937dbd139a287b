import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { after } from 'next/server';
import { cache } from 'react';
import { createClient } from 'redis';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { createSessions, errorResponse, type Sessions } from 'unexpired/server';
import { file } from 'unexpired/server/file';
import { redis } from 'unexpired/server/redis';

/** A store that all bundles of Next share. In the memory of a module, each bundle would have its own. */
function openStore() {
  const url = process.env.REDIS_URL;
  if (!url) return file('.sessions'); // For development.
  const client = createClient({ url });
  client.on('error', () => undefined); // Calls then fail with `storage_unavailable`.
  void client.connect();
  return redis(client);
}

function openSessions(): Sessions {
  const api = process.env.API ?? '';
  const protocol = bonfire({ baseUrl: api, appKey: 'app-key' });
  const created = createSessions({
    protocol,
    store: openStore(),
    secrets: [process.env.SESSION_SECRET ?? ''],
    cookie: { sameSite: 'Lax' },
    signIn: async (request) => createBotTokens(protocol, [((await request.json()) as { bot: string }).bot]),
    proxy: { '/api': { to: api } },
  });
  process.once('SIGTERM', created.close); // It ends the event streams, for which a restart of Next would wait.
  return created;
}

let opened: Sessions | undefined;

/** Creates the sessions at the first request, because `next build` runs this module without a store and without secrets. */
export function sessions(): Sessions {
  return (opened ??= openSessions());
}

/** The session of the request that Next renders. All components of a page share one read of the store. */
export const currentSession = cache(async () => {
  const request = { headers: await headers() }; // First, because it keeps `next build` from rendering the page.
  return sessions().of(request, { waitUntil: after });
});

/** `fetch` with the user's access token, for components and actions. Without a session, the user goes to the sign-in page. */
export async function authedFetch(path: string, init?: RequestInit): Promise<Response> {
  const session = await currentSession();
  return session.fetch(path, init).catch((error: unknown) => {
    if (errorResponse(error).status === 401) redirect('/sign-in');
    throw error;
  });
}
