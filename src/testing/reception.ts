import type { Arrival, Backend } from './backend.ts';
import { readBearer, type Bearer } from './bearer.ts';
import type { OpenCall } from './call-log.ts';
import { headerOf } from './carried-headers.ts';
import { endpointOf } from './endpoint.ts';
import { readFields } from './request-fields.ts';
import { cookieToken, readCookies } from './session-cookies.ts';
import type { Session } from './session.ts';

/** Reads the endpoint, the bearer, the tokens and the cookies of a request, for the log and the routes. */
export function receive(request: Request, body: string, backend: Backend): Arrival {
  const { appKey, basePath, now } = backend.fixture;
  const { pathname, search } = new URL(request.url);
  const bearer = readBearer(request.headers.get('Authorization'), appKey);
  const cookies = readCookies(headerOf(request, 'Cookie'));
  const call: OpenCall = {
    endpoint: endpointOf(pathname, basePath),
    method: request.method,
    path: pathname + search,
    at: now(),
    status: 'pending',
    applicationOnly: bearer.kind === 'app',
    ...(body !== '' && { body }),
    ...(cookies.size > 0 && { cookies: [...cookies.keys()] }),
  };
  noteAccessToken(call, bearer, backend);
  const arrival = { request, call, bearer, body, cookies, setCookies: [] };
  noteRefreshToken(arrival, backend);
  return arrival;
}

/** Returns the session that a call refreshes, if it is a refresh. */
export function refreshedSession({ refreshToken }: OpenCall, { sessions }: Backend): Session | undefined {
  return refreshToken === undefined ? undefined : sessions.find(refreshToken);
}

function noteAccessToken(call: OpenCall, bearer: Bearer, { accessTokens }: Backend): void {
  if (bearer.kind !== 'token') return;
  call.accessToken = bearer.raw;
  const record = accessTokens.find(bearer.raw);
  if (!record) return;
  call.botId = record.session.bot.id;
  if (record.expiresAt !== null && call.at >= record.expiresAt) call.expiredByMs = call.at - record.expiresAt;
}

function noteRefreshToken({ call, request, body, cookies }: Arrival, backend: Backend): void {
  if (call.endpoint !== 'refresh') return;
  const inBody = refreshTokenIn(request.headers.get('Content-Type'), body);
  const refreshToken = inBody || (cookieToken(cookies, backend) ?? inBody);
  if (refreshToken === undefined) return;
  call.refreshToken = refreshToken;
  const session = refreshedSession(call, backend);
  call.inFlightAtStart = session?.refreshesInFlight ?? 0;
  if (session) call.botId = session.bot.id;
}

function refreshTokenIn(contentType: string | null, body: string): string | undefined {
  try {
    const value = readFields(contentType, body)['refresh_token'];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined; // The route reads the body again and answers with the error.
  }
}
