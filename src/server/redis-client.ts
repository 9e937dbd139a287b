import { AuthError, invalidConfig } from '../core/model/auth-error.ts';
import { nameOf } from '../core/model/foreign-error.ts';
import { DeadlineExceeded, withDeadline } from '../core/platform/deadline.ts';
import type { Platform } from '../core/platform/platform.ts';
import type { KeyFeed } from './store-watchers.ts';

/** A client of the package `redis`, version 4 to 6, as `createClient`, `createCluster` and `createSentinel` create it. */
export interface NodeRedisClient {
  readonly isOpen?: boolean;
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  duplicate?(): object;
}

/** A client of the package `ioredis`, version 5 or 6: `Redis` or `Cluster`. */
export interface IoRedisClient {
  readonly status: string;
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  duplicate(): object;
}

/** Runs a script with one key. */
export type RunScript = (script: string, key: string, args: readonly string[]) => Promise<unknown>;

/** What both clients can do. */
export interface RedisCommands {
  readonly run: RunScript;
  /** Opens a connection that receives the messages of a channel. `null` if the client cannot make one. */
  readonly subscribe: ((channel: string, onMessage: (message: string) => void) => KeyFeed) | null;
}

/** A script that takes longer has failed, ms. It is below the deadline of the sessions, so that the message says what is wrong. */
const DEADLINE_MS = 4000;

const MAY_BE_OFFLINE = 'Check that Redis runs, and that this machine reaches it.';

/** What to do about a refusal of Redis, by the first word of its message. The rest of the message is not shown. */
const REFUSALS: Readonly<Record<string, string>> = {
  CLUSTERDOWN: 'The cluster does not serve all keys now.',
  LOADING: 'It has just started and reads its data.',
  MASTERDOWN: 'The connection to its master is lost.',
  MISCONF: 'It cannot save its data; read its log.',
  NOAUTH: 'Give the client a user and a password.',
  NOPERM: 'Let its user run scripts with TIME, EXISTS, HSET, HGET, HMGET, HDEL, DEL, PEXPIRE, PEXPIREAT, PTTL, PUBLISH and the commands of sorted sets.',
  OOM: 'Its memory is full; raise `maxmemory`.',
  READONLY: 'The client is connected to a replica. After a failover it has to connect to the new master.',
  WRONGTYPE: 'Another program uses the same keys; choose another `prefix`.',
};

/**
 * Adapts the app's own client.
 *
 * @throws AuthError `invalid_config` with the field `client`
 */
export function redisCommands(client: NodeRedisClient | IoRedisClient, platform: Pick<Platform, 'setTimer'>): RedisCommands {
  const { evaluate, subscribe, offlineHint } = adapt(client);
  const hashes = new Map<string, Promise<string>>();

  const hashOf = (script: string) => hashes.get(script) ?? hashes.set(script, sha1(script)).get(script) as Promise<string>;

  /** Redis keeps scripts by their hash. After a restart, or on another node of a cluster, it gets the script once more. */
  async function evaluateOnce(...[script, key, args]: Parameters<RunScript>): Promise<unknown> {
    try {
      return await evaluate(await hashOf(script), true, key, args);
    } catch (error) {
      if (refusalOf(error) !== 'NOSCRIPT') throw error;
      return evaluate(script, false, key, args);
    }
  }

  return {
    subscribe,
    async run(script, key, args) {
      const hint = offlineHint();
      if (hint !== null) throw unreachable(hint);
      // A client that is offline queues commands without a limit.
      return withDeadline(platform, DEADLINE_MS, () => evaluateOnce(script, key, args)).catch((error: unknown) => {
        throw unreachable(problemWith(error));
      });
    },
  };
}

function unreachable(problem: string): AuthError {
  return new AuthError('storage_unavailable', problem, { transient: true });
}

function problemWith(error: unknown): string {
  if (error instanceof DeadlineExceeded) return `Redis has not answered within ${DEADLINE_MS} ms. ${MAY_BE_OFFLINE}`;
  const refusal = refusalOf(error);
  if (REFUSALS[refusal]) return `Redis has refused a command (${refusal}). ${REFUSALS[refusal]}`;
  return `Redis could not be asked (${nameOf(error)}). ${MAY_BE_OFFLINE}`;
}

/** Returns the first word of an answer such as `OOM command not allowed`. */
function refusalOf(error: unknown): string {
  return error instanceof Error ? (/^[A-Z]+(?= |$)/.exec(error.message)?.[0] ?? '') : '';
}

async function sha1(text: string): Promise<string> {
  const bytes = await globalThis.crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Adapter extends Pick<RedisCommands, 'subscribe'> {
  readonly evaluate: (script: string, isHash: boolean, key: string, args: readonly string[]) => Promise<unknown>;
  /** Says what to do if the client does not even queue a command. */
  readonly offlineHint: () => string | null;
}

function adapt(client: NodeRedisClient | IoRedisClient): Adapter {
  const isObject = client === Object(client);
  if (isObject && 'evalSha' in client) return adaptNodeRedis(client);
  if (isObject && 'evalsha' in client) return adaptIoRedis(client);
  throw invalidConfig('client', `must be a client of \`redis\` or \`ioredis\`${mistakeWith(client)}`);
}

function mistakeWith(value: unknown): string {
  if (typeof value === 'string') return ', not its address; pass `createClient({ url })` of `redis` after `await client.connect()`, or `new Redis(url)` of `ioredis`';
  if (typeof Object(value).then === 'function') return '; it is a promise, so await it';
  return `; its type is ${value === null ? 'null' : typeof value}`;
}

function adaptNodeRedis(client: NodeRedisClient): Adapter {
  return {
    evaluate: (script, isHash, key, args) => client[isHash ? 'evalSha' : 'eval'](script, { keys: [key], arguments: [...args] }),
    offlineHint: () => (client.isOpen === false ? 'The client of `redis` is not connected. Call `await client.connect()` before the first request, and keep it open.' : null),
    subscribe: client.duplicate ? (channel, onMessage) => {
      const subscriber = client.duplicate?.() as { on(name: string, listener: () => void): void; connect(): Promise<unknown>; subscribe(channel: string, listener: (message: unknown) => void): Promise<unknown>; destroy?(): void; disconnect?(): Promise<void> };
      subscriber.on('error', () => undefined); // It connects again, and subscribes again, by itself.
      const opened = subscriber.connect().then(() => subscriber.subscribe(channel, (message) => onMessage(String(message)))).catch(() => undefined);
      const destroy = async () => (subscriber.destroy ? subscriber.destroy() : subscriber.disconnect?.());
      return { close: () => destroy().catch(() => undefined).then(() => opened).then(() => undefined) };
    } : null,
  };
}

function adaptIoRedis(client: IoRedisClient): Adapter {
  return {
    evaluate: (script, isHash, key, args) => client[isHash ? 'evalsha' : 'eval'](script, 1, key, ...args),
    offlineHint: () => (client.status === 'end' ? 'The client of `ioredis` is closed. Create another one, or call `await client.connect()`.' : null),
    subscribe(channel, onMessage) {
      const subscriber = client.duplicate() as { readonly status: string; on(name: string, listener: (...args: unknown[]) => void): void; connect(): Promise<unknown>; subscribe(channel: string): Promise<unknown>; disconnect(): void };
      subscriber.on('error', () => undefined); // It connects again by itself.
      subscriber.on('message', (_, message) => onMessage(String(message)));
      subscriber.on('ready', () => void subscriber.subscribe(channel).catch(() => undefined));
      if (subscriber.status === 'wait') subscriber.connect().catch(() => undefined);
      return { close: async () => subscriber.disconnect() };
    },
  };
}
