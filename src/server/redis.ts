import { AuthError, invalidConfig } from '../core/model/auth-error.ts';
import { redisCommands, type IoRedisClient, type NodeRedisClient, type RunScript } from './redis-client.ts';
import { DROP, EXTEND, INDEX, INSERT, NAMES, READ, REMOVE, REPLACE, TIMES } from './redis-scripts.ts';
import { serverPlatform } from './server-platform.ts';
import { createStoreWatchers } from './store-watchers.ts';
import type { SessionEntry, SessionRow, SessionStore, Write } from './store.ts';

/** Options of {@link redis}. */
export interface RedisOptions {
  /** How all keys begin, and the channel. Default: `unexpired:`. */
  readonly prefix?: string;
}

/**
 * Keeps the sessions in Redis 7 or Valkey, by the app's own client of `redis` (4 to 6) or `ioredis` (5, 6), also of a cluster.
 *
 * Each method is one script and one round trip; `insert` takes one more for the index of the user, and `list` two more. All
 * times are those of Redis. A second connection receives messages while requests wait for a refresh of another instance. It
 * comes from `client.duplicate()`. If it is lost, such a request waits longer, up to the end of a lease.
 *
 * Redis must not evict sessions: set `maxmemory-policy` to `noeviction`. A failover may lose the last write.
 *
 * @param client the connected client; the store never closes it
 * @throws AuthError `invalid_config` with the field `client` or `prefix`. The methods reject with `storage_unavailable`, which is
 * transient, if Redis refuses a command, or has not answered within 4 s
 * @see https://redis.io/docs/latest/develop/interact/programmability/eval-intro/
 * @example
 * ```ts
 * import { createClient } from 'redis';
 * import { oauth2 } from 'unexpired/oauth2';
 * import { createSessions } from 'unexpired/server';
 * import { redis } from 'unexpired/server/redis';
 * const client = createClient({ url: 'redis://localhost:6379' });
 * client.on('error', (error) => console.error(error));
 * await client.connect();
 * const protocol = oauth2({ tokenEndpoint: 'https://id.example.com/oauth/token', clientId: 'my-app', resourceOrigins: ['https://api.example.com'] });
 * const sessions = createSessions({ protocol, store: redis(client), secrets: ['a-secret-of-at-least-32-characters-1'] });
 * ```
 */
export function redis(client: NodeRedisClient | IoRedisClient, { prefix = 'unexpired:' }: RedisOptions = {}): SessionStore {
  if (typeof prefix !== 'string' || prefix === '') throw invalidConfig('prefix', 'must be a non-empty string, or left out');
  const platform = serverPlatform();
  const { run, subscribe } = redisCommands(client, platform);
  const channel = `${prefix}changes`;
  /** The braces let an app place further keys in the same slot of a cluster. */
  const keyOf = (name: string) => `${prefix}{${name}}`;
  const indexOf = (subject: string) => `${prefix}user:{${subject}}`;
  const watchers = subscribe && createStoreWatchers(platform, (onKey) => subscribe(channel, onKey));
  const change = async (script: string, name: string, args: readonly string[]) => writeFrom(await run(script, keyOf(name), [...args, channel, name]));
  return {
    name: 'redis',
    async insert(name, { text, etag, subject, idleMs, absoluteMs }) {
      const isDone = await run(INSERT, keyOf(name), [text, etag, wholeMs(idleMs), wholeMs(absoluteMs), ...(subject === null ? [] : [subject])]);
      if (Number(isDone) !== 1) throw new AuthError('storage_unavailable', 'There is a session with this key already.');
      if (subject !== null) await run(INDEX, indexOf(subject), [name, wholeMs(absoluteMs)]);
    },
    read: async (name, idleMs) => rowFrom(await run(READ, keyOf(name), [wholeMs(idleMs)])),
    replace: (name, ifMatch, { text, etag, lease, isEnded }) => change(REPLACE, name, [ifMatch, text, etag, lease?.owner ?? '', wholeMs(lease?.leftMs ?? 0), isEnded ? '1' : '0']),
    remove: (name, ifMatch) => change(REMOVE, name, [ifMatch]),
    extend: async (name, owner, leaseMs) => Number(await run(EXTEND, keyOf(name), [owner, wholeMs(leaseMs), channel, name])) === 1,
    list: (subject) => listOf(run, indexOf(subject), subject, keyOf),
    ...(watchers ? { watch: watchers.watch } : {}),
    close: async () => watchers?.close(),
  };
}

/** Each session can be in another slot, so each is read by a script of its own. Those that are over leave the index. */
async function listOf(run: RunScript, index: string, subject: string, keyOf: (name: string) => string): Promise<SessionEntry[]> {
  const names = ((await run(NAMES, index, [])) as unknown[]).map(String);
  const entries = await Promise.all(names.map(async (key) => {
    const times = (await run(TIMES, keyOf(key), [subject])) as unknown[] | null;
    return times && { key, createdAt: Number(times[0]), usedAt: Number(times[1]) };
  }));
  const gone = names.filter((_, place) => entries[place] === null);
  if (gone.length > 0) await run(DROP, index, gone);
  return entries.filter((entry) => entry !== null);
}

function rowFrom(reply: unknown): SessionRow | null {
  if (!Array.isArray(reply)) return null;
  const [text, etag, owner, leftMs, at] = reply as unknown[];
  return { text: String(text), etag: String(etag), lease: Number(leftMs) > 0 ? { owner: String(owner), leftMs: Number(leftMs) } : null, at: Number(at) };
}

function writeFrom(reply: unknown): Write {
  const [isDone, row] = reply as unknown[];
  return Number(isDone) === 1 ? { isDone: true } : { isDone: false, row: rowFrom(row) };
}

/** Redis takes whole ms only. */
function wholeMs(ms: number): string {
  return Math.ceil(ms).toFixed();
}
