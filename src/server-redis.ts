export { redis, type RedisOptions } from './server/redis.ts';
export type { IoRedisClient, NodeRedisClient } from './server/redis-client.ts';
export type { Lease, NewRow, NextRow, SessionEntry, SessionRow, SessionStore, Write } from './server/store.ts';
