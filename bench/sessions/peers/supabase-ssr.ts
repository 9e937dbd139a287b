import { createServerClient, parseCookieHeader, serializeCookieHeader } from '@supabase/ssr';
import type { Context } from 'hono';
import type { Settings } from '../instances/settings.ts';
import { addSetCookie } from './cookies.ts';
import { honoApp, type PeerApp } from './peer.ts';

/** A WebSocket that is never opened, because Node 20 has none. */
class NoSocket {}

/** `@supabase/ssr` with a client for each request, as its guide for Hono creates it. */
export async function createApp(settings: Settings): Promise<PeerApp> {
  const clientOf = (c: Context) =>
    createServerClient(settings.authority, 'key', {
      cookies: {
        getAll: () => parseCookieHeader(c.req.header('cookie') ?? '').map(({ name, value }) => ({ name, value: value ?? '' })),
        setAll: (cookies) => addSetCookie(c, cookies.map(({ name, value, options }) => serializeCookieHeader(name, value, options))),
      },
      realtime: { transport: NoSocket as unknown as typeof WebSocket },
    });
  const tokenOf = ({ data }: { data: { session: { access_token: string } | null } }) => data.session?.access_token ?? null;
  return honoApp(settings, {
    async signIn(c) {
      const { error } = await clientOf(c).auth.signInWithPassword({ email: 'user@example.com', password: 'password' });
      if (error) throw error;
      return undefined;
    },
    accessToken: async (c) => tokenOf(await clientOf(c).auth.getSession()),
    renew: async (c) => tokenOf(await clientOf(c).auth.refreshSession()),
    signOut: (c) => clientOf(c).auth.signOut(),
  });
}
