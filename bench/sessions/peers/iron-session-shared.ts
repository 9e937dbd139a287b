import type { Settings } from '../instances/settings.ts';
import { ironSessionApp } from './iron-session.ts';
import type { PeerApp } from './peer.ts';
import { refreshTokens, type HandTokens } from './tokens.ts';

/** Requests of one process with the same refresh token share one refresh. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const running = new Map<string, Promise<HandTokens>>();
  return ironSessionApp(settings, (refreshToken) => {
    const refresh = running.get(refreshToken) ?? refreshTokens(settings, refreshToken).finally(() => running.delete(refreshToken));
    running.set(refreshToken, refresh);
    return refresh;
  });
}
