import type { RequestListener } from 'node:http';
import { Hono, type Context } from 'hono';
import type { Settings } from '../instances/settings.ts';
import type { PartName } from '../report/results.ts';

/** The app of a peer, as one process serves it. */
export type PeerApp = ({ readonly fetch: (request: Request) => Response | Promise<Response> } | { readonly listener: RequestListener }) & {
  /** Signs this many users in, without HTTP, to fill a store. */
  readonly signInMany?: (count: number) => Promise<void>;
};

export interface PeerModule {
  readonly createApp: (settings: Settings) => Promise<PeerApp>;
}

export interface Peer {
  readonly name: string;
  /** How the tables name it. */
  readonly title: string;
  readonly load: () => Promise<PeerModule>;
  /** It measures times by the clock of its store, which the benchmark cannot move. So its tokens really expire. */
  readonly usesStoreClock?: boolean;
  /** The parts that it takes part in; default: those without `stores`. */
  readonly parts?: readonly PartName[];
}

/** What a peer does in an app of Hono. */
export interface SessionPeer {
  readonly signIn: (c: Context) => Promise<Response | undefined>;
  /** The access token; `null` if the user is signed out. It rejects if there is no token just now. */
  readonly accessToken: (c: Context) => Promise<string | null>;
  /** The token after the API rejected one, if the peer has a way to ask for it. */
  readonly renew?: (c: Context, rejected: string) => Promise<string | null>;
  /** The whole call with its retry, if the peer does that itself. */
  readonly call?: (c: Context, url: string) => Promise<Response>;
  readonly signOut: (c: Context) => Promise<unknown>;
  /** The answer to an error of the peer, if it makes one itself. */
  readonly answer?: (error: Error) => Response;
  /** Further routes, such as a callback. */
  readonly mount?: (app: Hono) => void;
  readonly signInMany?: (count: number) => Promise<void>;
}

/**
 * The app around a peer. It is the same for all:
 * `/call` calls the API for the user, `/token` only gets the access token, `/plain` has no session.
 */
export function honoApp(settings: Settings, peer: SessionPeer): PeerApp {
  const app = new Hono();
  peer.mount?.(app);
  app.get('/plain', (c) => c.text('ok'));
  app.get('/login', async (c) => (await peer.signIn(c)) ?? c.text('signed in'));
  app.post('/logout', async (c) => {
    await peer.signOut(c);
    return c.text('signed out');
  });
  app.get('/token', async (c) => ((await peer.accessToken(c)) === null ? c.text('signed out', 401) : c.text('ok')));
  app.get('/call', async (c) => {
    if (peer.call) return peer.call(c, apiUrl(settings, c.req.query('slow')));
    let token = await peer.accessToken(c);
    if (token === null) return c.text('signed out', 401);
    let response = await callApi(settings, token, c.req.query('slow'));
    if (response.status === 401 && peer.renew) {
      token = await peer.renew(c, token);
      if (token === null) return c.text('signed out', 401);
      response = await callApi(settings, token, c.req.query('slow'));
    }
    return c.text(await response.text(), response.status === 200 ? 200 : 401);
  });
  app.onError((error, c) => {
    if (process.env['BENCH_ERRORS']) console.error(error);
    return peer.answer?.(error) ?? c.text(error.message, 502);
  });
  return { fetch: (request) => app.fetch(request), ...(peer.signInMany && { signInMany: peer.signInMany }) };
}

export function callApi(settings: Settings, token: string, slow?: string): Promise<Response> {
  return fetch(apiUrl(settings, slow), { headers: { authorization: `Bearer ${token}` } });
}

function apiUrl({ authority }: Settings, slow: string | undefined): string {
  return `${authority}/api/me${slow === undefined ? '' : '?slow'}`;
}
