import { setTimeout as wait } from 'node:timers/promises';
import type { Settings } from '../instances/settings.ts';
import { honoApp, type PeerApp } from './peer.ts';
import { RedisSessions } from './redis-sessions.ts';
import { isExpiring, refreshTokens, signInTokens, type HandTokens } from './tokens.ts';

/** A Redis lock as people write it: `SET NX`, a fixed lifetime, `DEL`. After the wait, the session is not read again. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const sessions = new RedisSessions(settings);

  async function renewed(id: string, old: HandTokens): Promise<string | null> {
    const lock = `lock:${id}`;
    while ((await sessions.redis.set(lock, '1', 'EX', 5, 'NX')) !== 'OK') await wait(50);
    try {
      const tokens = await refreshTokens(settings, old.refreshToken);
      await sessions.write(id, tokens);
      return tokens.accessToken;
    } catch {
      await sessions.redis.del(`session:${id}`);
      return null;
    } finally {
      await sessions.redis.del(lock);
    }
  }

  return honoApp(settings, {
    async signIn(c) {
      await sessions.begin(c, await signInTokens(settings));
      return undefined;
    },
    async accessToken(c) {
      const id = sessions.idOf(c);
      const tokens = id && (await sessions.read(id));
      if (!id || !tokens) return null;
      return isExpiring(tokens) ? renewed(id, tokens) : tokens.accessToken;
    },
    async renew(c) {
      const id = sessions.idOf(c);
      const tokens = id && (await sessions.read(id));
      return id && tokens ? renewed(id, tokens) : null;
    },
    async signOut(c) {
      const id = sessions.idOf(c);
      if (id) await sessions.end(c, id);
    },
  });
}
