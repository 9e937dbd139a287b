import { createClient } from 'redis';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { createSessions } from 'unexpired/server';
import { redis } from 'unexpired/server/redis';

const { API = '', REDIS_URL = '', SESSION_SECRET = '' } = process.env;
const client = createClient({ url: REDIS_URL });
client.on('error', () => undefined); // Calls then fail with `storage_unavailable`, which `errorResponse` answers with 503.
await client.connect();

const protocol = bonfire({ baseUrl: API, appKey: 'app-key' });

export const sessions = createSessions({
  protocol,
  store: redis(client),
  secrets: [SESSION_SECRET],
  proxy: { '/api': { to: API } },
  signIn: async (request) => createBotTokens(protocol, [((await request.json()) as { bot: string }).bot]),
  cookie: { sameSite: 'Lax' }, // The browser then sends the cookie with a link from another site, too.
});

process.once('SIGTERM', async () => {
  await sessions.close();
  client.destroy();
});
