import { Redis } from 'ioredis';
import pg from 'pg';

let count = 0;

const sendCommand = Redis.prototype.sendCommand;
Redis.prototype.sendCommand = function (this: Redis, ...args: Parameters<typeof sendCommand>) {
  count += 1;
  return sendCommand.apply(this, args);
};

const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
const query = prototype.query;
prototype.query = function (this: unknown, ...args: unknown[]) {
  count += 1;
  return query.apply(this, args);
};

/** The commands to Redis and the queries to Postgres of this process so far. */
export function roundTrips(): number {
  return count;
}
