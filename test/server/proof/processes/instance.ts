import type { ServerResponse } from 'node:http';
import { oauth2 } from 'unexpired/oauth2';
import { createSessions, errorResponse, serverPlatform, type TokenSet } from 'unexpired/server';
import { ENDED, type Breakpoint, type InstanceConfig } from '../support/types.ts';
import { withDefect } from './defects.ts';
import { listen } from './http.ts';
import { openStore } from './open-store.ts';
import { createSteps, steppedFetch, steppedStore } from './steps.ts';

const { name, port, authUrl, store: address, journal, defect } = JSON.parse(process.argv[2] ?? '') as InstanceConfig;
const tokenEndpoint = `${authUrl}/token`;
const steps = createSteps(name, journal);
// The wait after a failed refresh is drawn. Here it is the mean, because a long draw is longer than a request waits.
const platform = { ...serverPlatform(), random: () => 0.5, fetch: steppedFetch(steps, name, tokenEndpoint), warn: () => undefined };
const protocol = {
  ...oauth2({ resourceOrigins: [authUrl], tokenEndpoint, revocationEndpoint: `${authUrl}/revoke`, clientId: 'web' }),
  subjectOf: ({ accessToken }: TokenSet) => accessToken.split('.')[1] ?? null,
};

/** Gets the tokens of the user whom a sign-in names. */
async function signIn(request: Request): Promise<TokenSet> {
  const login = await platform.fetch(`${authUrl}/login`, { method: 'POST', body: JSON.stringify(await request.json()) });
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = (await login.json()) as Readonly<Record<string, string>>;
  return { accessToken: accessToken ?? '', refreshToken: refreshToken ?? '', expiresAt: platform.now().wall + Number(seconds) * 1000, scopes: [] };
}

const { store } = await openStore(address);
const sessions = createSessions({ protocol, platform, signIn, store: steppedStore(withDefect(store, defect), steps), secrets: ['the secret of all instances, 0001'] });

async function whoAmI(request: Request): Promise<Response> {
  const session = await sessions.of(request);
  const { status, headers, body } = await session.fetch('/me');
  return new Response(body, { status, headers: { 'content-type': headers.get('content-type') ?? 'text/plain' } });
}

/** Ends as a deploy ends an instance: the requests in flight are answered first. */
async function end(): Promise<void> {
  // A connection that is busy now would take further requests, and so would never close.
  server.prependListener('request', (_request, response: ServerResponse) => void response.setHeader('connection', 'close'));
  const closed = new Promise((resolve) => void server.close(resolve));
  const closing = setInterval(() => server.closeIdleConnections(), 20);
  await closed;
  clearInterval(closing);
  await sessions.close();
  process.stdout.write(ENDED, () => process.exit());
}

const server = listen(port, async (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === '/ready') return Response.json({ name });
  if (pathname === '/control/stop-at') steps.stopAt((await request.json()) as Breakpoint | null);
  if (pathname.startsWith('/control/')) return Response.json({});
  return pathname === '/me' ? whoAmI(request).catch(errorResponse) : sessions.handler(request);
});
process.once('SIGTERM', () => void end());
