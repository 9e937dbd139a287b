import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { Redis } from 'ioredis';
import type { Settings } from '../instances/settings.ts';
import type { HandTokens } from './tokens.ts';

const LIFE_S = 14 * 86_400;

/** Sessions in Redis as apps write them: a random id in a cookie, and a JSON value with a lifetime. */
export class RedisSessions {
  readonly redis: Redis;

  constructor({ redisPort }: Settings) {
    this.redis = new Redis(redisPort, '127.0.0.1');
  }

  async begin(c: Context | null, tokens: HandTokens): Promise<void> {
    const id = randomBytes(24).toString('base64url');
    await this.redis.set(`session:${id}`, JSON.stringify(tokens), 'EX', LIFE_S);
    if (c) setCookie(c, 'sid', id, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: LIFE_S });
  }

  idOf(c: Context): string | null {
    return getCookie(c, 'sid') ?? null;
  }

  async read(id: string): Promise<HandTokens | null> {
    const text = await this.redis.get(`session:${id}`);
    return text === null ? null : (JSON.parse(text) as HandTokens);
  }

  async write(id: string, tokens: HandTokens): Promise<void> {
    await this.redis.set(`session:${id}`, JSON.stringify(tokens), 'EX', LIFE_S);
  }

  async writeIfThere(id: string, tokens: HandTokens): Promise<boolean> {
    return (await this.redis.set(`session:${id}`, JSON.stringify(tokens), 'EX', LIFE_S, 'XX')) === 'OK';
  }

  async end(c: Context, id: string): Promise<void> {
    await this.redis.del(`session:${id}`);
    deleteCookie(c, 'sid', { path: '/' });
  }
}
