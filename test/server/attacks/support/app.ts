import { getRequestListener } from '@hono/node-server';
import { createServer } from 'node:http';
import { oauth2 } from 'unexpired/oauth2';
import { createSessions, memory, type Sessions, type SessionsConfig, type SessionStore, type TokenSet } from 'unexpired/server';
import { listen, type Listening } from '../../../browsers/server/listening.ts';

const API = 'https://api.example.com';

export interface Answered {
  readonly request: string;
  readonly status: number;
  readonly hasCookie: boolean;
  readonly setsCookie: boolean;
  /** Names of the headers by which another origin may read the answer. */
  readonly opened: readonly string[];
}

/** An app on a real HTTP server, whose API grants tokens to any user. */
export interface AttackedApp extends Listening {
  readonly sessions: Sessions;
  /** Signs a user in, and returns the `Cookie` of the browser. */
  readonly signIn: (user: string) => Promise<string>;
  /** What was asked below `/auth`, and how it was answered, in order. */
  readonly answered: readonly Answered[];
  /** What the tokens of all users look like. No answer may have one. */
  readonly secrets: RegExp;
}

/** Starts an app. Other pages than those of the handler are empty. */
export async function startApp(config: Partial<SessionsConfig> = {}, store: SessionStore = memory()): Promise<AttackedApp> {
  const protocol = { ...oauth2({ resourceOrigins: [API], tokenEndpoint: `${API}/token`, clientId: 'web' }), subjectOf: ({ accessToken }: TokenSet) => accessToken.split('-')[2] ?? null };
  const grant = (user: string) => ({ accessToken: `access-of-${user}`, refreshToken: `refresh-of-${user}`, expiresAt: Date.now() + 3_600_000, scopes: [] });
  const sessions = createSessions({ protocol, store, secrets: ['the secret of an attacked app 0001'], signIn: async (request) => grant(await request.text()), ...config });
  const page = () => new Response('<!doctype html><title>app</title>', { headers: { 'content-type': 'text/html' } });
  const answered: Answered[] = [];
  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith('/auth/')) return page();
    const response = await sessions.handler(request);
    const opened = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
    answered.push({ request: `${request.method} ${pathname}`, status: response.status, hasCookie: request.headers.get('cookie')?.includes('session=') ?? false, setsCookie: response.headers.has('set-cookie'), opened });
    return response;
  }
  const server = await listen(createServer(getRequestListener(answer)));
  return {
    ...server,
    sessions,
    answered,
    secrets: /access-of|refresh-of/,
    async signIn(user) {
      return (await sessions.signIn(grant(user))).setCookie.split(';')[0] ?? '';
    },
    async close() {
      await sessions.close();
      await server.close();
    },
  };
}
