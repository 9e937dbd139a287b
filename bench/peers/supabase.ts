import { createClient } from '@supabase/supabase-js';
import type { Peer } from './peer.ts';

const STORAGE_KEY = 'supabase-session';

/** Calls `auth.getSession()` before each call, as its documentation shows for an app's own API. */
export const peer: Peer = {
  signIn({ base: _base }, answer) {
    const user = { id: 'camper', aud: 'authenticated', app_metadata: {}, user_metadata: {}, created_at: '2026-01-01T00:00:00Z' };
    localStorage.setItem(STORAGE_KEY, JSON.stringify({ ...answer, expires_at: Math.floor(Date.now() / 1000) + answer.expires_in, user }));
  },
  open({ base }) {
    const supabase = createClient(base, 'publishable-key', { auth: { storageKey: STORAGE_KEY } });
    return async (path) => {
      const { data } = await supabase.auth.getSession();
      const headers = { authorization: `Bearer ${data.session?.access_token ?? ''}` };
      return (await fetch(base + path, { headers })).status;
    };
  },
};
