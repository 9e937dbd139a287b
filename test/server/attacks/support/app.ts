import { getRequestListener } from '@hono/node-server';
import { createServer } from 'node:http';
import { oauth2 } from 'unexpired/oauth2';
import { createSessions, memory, type Sessions, type SessionsConfig, type SessionStore, type TokenSet } from 'unexpired/server';
import { listen, type Listening } from '../../../browsers/server/listening.ts';

const API = 'https://api.example.com';

/** An app on a real HTTP server, whose API grants tokens to any user. */
export interface AttackedApp extends Listening {
  readonly sessions: Sessions;
  /** Signs a user in, and returns the `Cookie` of the browser. */
  readonly signIn: (user: string) => Promise<string>;
  /** What the tokens of all users look like. No answer may have one. */
  readonly secrets: RegExp;
}

/** Starts an app. Other pages than those of the handler are empty. */
export async function startApp(config: Partial<SessionsConfig> = {}, store: SessionStore = memory()): Promise<AttackedApp> {
  const protocol = { ...oauth2({ resourceOrigins: [API], tokenEndpoint: `${API}/token`, clientId: 'web' }), subjectOf: ({ accessToken }: TokenSet) => accessToken.split('-')[2] ?? null };
  const grant = (user: string) => ({ accessToken: `access-of-${user}`, refreshToken: `refresh-of-${user}`, expiresAt: Date.now() + 3_600_000, scopes: [] });
  const sessions = createSessions({ protocol, store, secrets: ['the secret of an attacked app 0001'], signIn: async (request) => grant(await request.text()), ...config });
  const page = () => new Response('<!doctype html><title>app</title>', { headers: { 'content-type': 'text/html' } });
  const answer = (request: Request) => (new URL(request.url).pathname.startsWith('/auth/') ? sessions.handler(request) : page());
  const server = await listen(createServer(getRequestListener(answer)));
  return {
    ...server,
    sessions,
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
