import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Settings } from '../instances/settings.ts';
import { honoApp, type PeerApp } from './peer.ts';
import { RedisSessions } from './redis-sessions.ts';
import { isExpiring, RefusedError, refreshTokens, revoke, sampleTokens, signInTokens, type HandTokens } from './tokens.ts';

const LOCK_MS = 15_000;
const RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

/** A Redis lock with an owner, a re-read when it is taken, and a write only if the session is still there. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const sessions = new RedisSessions(settings);

  async function locked<Result>(id: string, work: () => Promise<Result>, isDone: () => Promise<Result | undefined>): Promise<Result> {
    const owner = randomUUID();
    while ((await sessions.redis.set(`lock:${id}`, owner, 'PX', LOCK_MS, 'NX')) !== 'OK') {
      await wait(25);
      const result = await isDone();
      if (result !== undefined) return result;
    }
    try {
      return (await isDone()) ?? (await work());
    } finally {
      await sessions.redis.eval(RELEASE, 1, `lock:${id}`, owner);
    }
  }

  /** Returns a token that is not `rejected` and does not expire soon. */
  async function renewed(id: string, rejected: string): Promise<string | null> {
    const current = async (): Promise<string | null | undefined> => {
      const tokens = await sessions.read(id);
      if (!tokens) return null;
      return tokens.accessToken === rejected || isExpiring(tokens) ? undefined : tokens.accessToken;
    };
    return locked(id, async () => {
      const old = await sessions.read(id);
      if (!old) return null;
      const tokens = await refreshTokens(settings, old.refreshToken).catch((error: unknown) => outcomeOf(error, old, rejected));
      if (tokens === old) return old.accessToken;
      if (tokens === null) await sessions.redis.del(`session:${id}`);
      return tokens && (await sessions.writeIfThere(id, tokens)) ? tokens.accessToken : null;
    }, current);
  }

  return honoApp(settings, {
    async signInMany(count) {
      for (let left = count; left > 0; left -= 100) await Promise.all(Array.from({ length: Math.min(left, 100) }, () => sessions.begin(null, sampleTokens())));
    },
    async signIn(c) {
      await sessions.begin(c, await signInTokens(settings));
      return undefined;
    },
    async accessToken(c) {
      const id = sessions.idOf(c);
      const tokens = id && (await sessions.read(id));
      if (!id || !tokens) return null;
      return isExpiring(tokens) ? renewed(id, '') : tokens.accessToken;
    },
    async renew(c, rejected) {
      const id = sessions.idOf(c);
      return id ? renewed(id, rejected) : null;
    },
    async signOut(c) {
      const id = sessions.idOf(c);
      const tokens = id && (await sessions.read(id));
      if (!id || !tokens) return;
      await sessions.end(c, id);
      await revoke(settings, tokens.refreshToken);
    },
  });
}

/** A refusal ends the session. After another failure, a token that is still good is used. */
function outcomeOf(error: unknown, old: HandTokens, rejected: string): HandTokens | null {
  if (error instanceof RefusedError) return null;
  if (Date.now() < old.expiresAt && old.accessToken !== rejected) return old;
  throw error;
}
