import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { getIronSession, type CookieStore, type IronSession } from 'iron-session';
import type { Settings } from '../instances/settings.ts';
import { honoApp, type PeerApp } from './peer.ts';
import { isExpiring, refreshTokens, signInTokens, type HandTokens } from './tokens.ts';

type Refresh = (refreshToken: string) => Promise<HandTokens>;

/** The session in one encrypted cookie, and the refresh that apps write around it. */
export function ironSessionApp(settings: Settings, refresh: Refresh): PeerApp {
  async function renewed(session: IronSession<Partial<HandTokens>>): Promise<string | null> {
    try {
      Object.assign(session, await refresh(session.refreshToken ?? ''));
      await session.save();
      return session.accessToken ?? null;
    } catch {
      session.destroy();
      return null;
    }
  }
  return honoApp(settings, {
    async signIn(c) {
      const session = await sessionOf(c);
      Object.assign(session, await signInTokens(settings));
      await session.save();
      return undefined;
    },
    async accessToken(c) {
      const session = await sessionOf(c);
      if (session.accessToken === undefined) return null;
      return isExpiring(session as HandTokens) ? renewed(session) : session.accessToken;
    },
    renew: async (c) => renewed(await sessionOf(c)),
    async signOut(c) {
      (await sessionOf(c)).destroy();
    },
  });
}

/** The cookies of a request of Hono, as iron-session reads and writes them. */
function cookiesOf(c: Context): CookieStore {
  const set = (name: string, value: string, options?: object) => setCookie(c, name, value, options);
  return { get: (name: string) => ({ name, value: getCookie(c, name) ?? '' }), set: set as CookieStore['set'] };
}

function sessionOf(c: Context): Promise<IronSession<Partial<HandTokens>>> {
  return getIronSession<Partial<HandTokens>>(cookiesOf(c), { cookieName: 'session', password: 'a password of at least 32 characters' });
}

export async function createApp(settings: Settings): Promise<PeerApp> {
  return ironSessionApp(settings, (refreshToken) => refreshTokens(settings, refreshToken));
}
