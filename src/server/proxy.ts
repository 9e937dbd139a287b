import { AuthError, sessionChanged, signedOut } from '../core/model/auth-error.ts';
import { nameOf } from '../core/model/foreign-error.ts';
import type { Protocol } from '../core/model/protocol.ts';
import type { Session } from '../core/model/storage-record.ts';
import type { Platform, Release } from '../core/platform/platform.ts';
import { headerOf } from '../core/request/call.ts';
import { isRejected } from '../core/request/rejection.ts';
import { errorResponse } from './error-response.ts';
import { BodyIncomplete, BodyTooLarge, readBody, type ProxyBody } from './proxy-body.ts';
import { CallTimeout, createGate, startCall, type ProxyCall, type ProxyGate } from './proxy-call.ts';
import type { ProxyRoute } from './proxy-config.ts';
import { jsonAnswer } from './json-answer.ts';
import { isPageRequest, namedSession } from './page-request.ts';
import { headersToReturn, headersToSend, isEventStream, isNonceWanted } from './proxy-headers.ts';
import { isOfHandler, locationOf, routeOf, targetOf } from './proxy-target.ts';
import type { RequestOptions } from './request-options.ts';
import type { SessionClient } from './session-client.ts';
import type { SessionCookie } from './session-cookie.ts';
import { snapshotOf } from './session.ts';
import type { SessionWatches } from './session-watches.ts';
import { headersOf, pathOf } from './web-request.ts';

/** Answers without a body (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5). */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/** The part of the sessions that forwards requests. */
export interface SessionsProxy {
  /**
   * Forwards a request of the page to its API in `proxy` of the configuration, with the access token of the session, and returns
   * the answer. It refreshes and replays as `fetch` of a session does.
   *
   * An answer of the proxy itself has the header `x-session-error` with a code, and the body `{"error": code}`: 401 `signed_out`,
   * `session_changed` or `body_not_replayed`, 403 `cross_site_request`, 413, 429, 502, 503, 504 and others.
   *
   * @example
   * ```ts
   * import { createSessions } from 'unexpired/server';
   * import { oauth2 } from 'unexpired/oauth2';
   * const protocol = oauth2({ resourceOrigins: ['https://api.example.com'], tokenEndpoint: 'https://auth.example.com/token', clientId: 'web' });
   * const sessions = createSessions({ protocol, secrets: ['a-secret-of-at-least-32-characters-1'], proxy: { '/api': { to: 'https://api.example.com/v1' } } });
   * const answer = (request: Request) => sessions.proxy(request); // `/api/posts` gets `https://api.example.com/v1/posts`.
   * ```
   * @see RFC 10017 section 6.1
   */
  readonly proxy: (request: Request, options?: object & RequestOptions) => Promise<Response>;
}

/** What the proxy needs of the sessions. */
export interface ProxyContext {
  readonly routes: readonly ProxyRoute[];
  /** The path of the handler. */
  readonly basePath: string | undefined;
  readonly cookie: Pick<SessionCookie, 'read'>;
  readonly open: (request: Request, options: RequestOptions, isActivity: boolean) => Promise<SessionClient>;
  readonly watches: Pick<SessionWatches, 'watch'>;
  readonly platform: Platform;
  readonly protocol: Protocol;
}

/** A request that may pass. */
interface Passage {
  readonly request: Request;
  readonly route: ProxyRoute;
  readonly target: string;
  /** What `Content-Length` says, bytes; `null` if there is none. */
  readonly length: number | null;
}

/** Creates the proxy of one app. */
export function createProxy(context: ProxyContext): SessionsProxy['proxy'] {
  const { routes, cookie, open, platform } = context;
  const gates = new Map<ProxyRoute, ProxyGate>(routes.map((route) => [route, createGate()]));

  return async (request, options = {}) => {
    const passage = passageOf(request, context);
    if (passage instanceof Response) return passage;
    const { route } = passage;
    const id = cookie.read(request);
    if (id === null) return failure(platform, signedOut(null));
    const leave = gates.get(route)?.enter(id, route.maxConcurrent);
    if (!leave) return refusal(429, 'too_many_requests', { 'retry-after': '1' });
    const call = startCall(platform, request.signal, route.timeoutMs, leave);
    try {
      const client = await open(request, options, true);
      checkNamed(request, client);
      return await forward(context, passage, client, call);
    } catch (error) {
      call.end();
      return failure(platform, error);
    }
  };
}

/** Checks a request before anything of its session is read. Returns the answer that refuses it, if there is one. */
function passageOf(request: Request, { routes, basePath }: ProxyContext): Passage | Response {
  const path = pathOf(request);
  const route = isOfHandler(path, basePath) ? undefined : routeOf(routes, path);
  if (!route) return refusal(404, 'not_found');
  const target = targetOf(route, new URL(request.url));
  const headers = headersOf(request);
  if (target === null) return refusal(400, 'invalid_path');
  if (!route.methods.includes(request.method)) return refusal(405, 'method_not_allowed', { allow: route.methods.join(', ') });
  if (!isPageRequest(request)) return refusal(403, 'cross_site_request');
  if (/\bwebsocket\b/i.test(headers.get('upgrade') ?? '')) return refusal(501, 'upgrade_not_supported', {}, NO_UPGRADE);
  const length = headers.get('content-length');
  // Two statements of the length are how a request hides another one (RFC 9112 section 6.3).
  if (length !== null && (!/^\d{1,15}$/.test(length) || headers.has('transfer-encoding'))) return refusal(400, 'invalid_length');
  if (Number(length) > route.maxBodyBytes) return tooLarge();
  return { request, route, target, length: length === null ? null : Number(length) };
}

/** Sends a request with the token of its session, and returns the answer of the API. */
async function forward({ protocol, platform, watches }: ProxyContext, { request, route, target, length }: Passage, client: SessionClient, call: ProxyCall): Promise<Response> {
  const session = sessionOf(client);
  const body = await readBody(request.body, { maxBytes: route.maxBodyBytes, length, signal: call.signal, onPart: call.onPart });
  call.atEnd(body.cancel);
  // A body can take minutes, and it belongs to the user who has sent it.
  if (sessionOf(client).sessionId !== session.sessionId) throw sessionChanged();
  const isStreamed = body.content instanceof ReadableStream;
  const headers = headersToSend(request.headers, headerOf(protocol).name);
  if (isStreamed && length !== null) headers.push(['content-length', `${length}`]);
  const init = { method: request.method, headers, body: body.content, redirect: 'manual', signal: call.signal, ...(isStreamed && { duplex: 'half' }) } as RequestInit;
  const response = await client.fetch(target, init).catch((error: unknown) => {
    throw readError(error, body, call, route, platform);
  });
  if (isStreamed && (isNonceWanted(protocol, response) || (await isRejected(platform, protocol, request.method, session, response)))) {
    void response.body?.cancel().catch(() => undefined);
    await untilRefreshed(client, call.signal);
    call.end();
    return refusal(401, 'body_not_replayed');
  }
  call.onHeaders();
  return answerOf(response, request.method, call, (location) => locationOf(route, target, location), (stop) => whenSessionEnds(client, watches, stop));
}

/** A page that shows one user must not send anything as another one, who has signed in since. */
function checkNamed(request: Request, client: SessionClient): void {
  const named = namedSession(request);
  const { session, endReason } = snapshotOf(client);
  if (session === null) throw signedOut(endReason);
  if (named !== null && named !== session) throw sessionChanged();
}

/** Waits for the refresh that a rejection has started, because the page sends the request again at once. */
function untilRefreshed({ store }: SessionClient, signal: AbortSignal): Promise<void> {
  const isRefreshing = () => store.getSnapshot().refresh.state === 'running';
  return new Promise((resolve) => {
    const look = () => {
      if (isRefreshing() && !signal.aborted) return;
      release();
      signal.removeEventListener('abort', look);
      resolve();
    };
    const release = store.subscribe(look);
    signal.addEventListener('abort', look);
    look();
  });
}

function sessionOf(client: SessionClient): Session {
  const state = client.store.getState();
  if (state.status !== 'signedIn') throw signedOut(client.store.getSnapshot().endReason);
  return state.record.session;
}

/** Returns what made a send fail: the deadline or the body, if one of them did. A failure of the API is printed, because the answer does not say it. */
function readError(error: unknown, body: ProxyBody, { signal }: ProxyCall, { base }: ProxyRoute, platform: Platform): unknown {
  const known = signal.aborted ? signal.reason : body.failure();
  if (known || AuthError.is(error)) return known ?? error;
  const { code } = Object(Object(error).cause) as { readonly code?: unknown };
  const detail = typeof code === 'string' && /^[A-Z_\d]{1,40}$/.test(code) ? ` (${code})` : '';
  platform.warn(`unexpired: the proxy got no answer from ${new URL(base).origin}: ${nameOf(error)}${detail}.`);
  return error;
}

/** Creates the answer for the browser. A stream of events ends with its session, because it would never end otherwise. */
function answerOf(response: Response, method: string, call: ProxyCall, translate: (location: string) => string | null, whenToStop: (stop: () => void) => Release): Response {
  const { status, body } = response;
  const hasBody = body !== null && method !== 'HEAD' && !WITHOUT_BODY.includes(status);
  const headers = status >= 200 && status <= 599 ? headersToReturn(response.headers, hasBody, translate) : null;
  if (headers && hasBody) return new Response(passedOn(body, call, isEventStream(headers) ? whenToStop : null), { status, headers });
  void body?.cancel().catch(() => undefined);
  call.end();
  return headers ? new Response(null, { status, headers }) : refusal(502, 'invalid_upstream_answer');
}

/** Passes a body on, part by part. The call ends with it. `whenToStop` gets the function that ends it before. */
function passedOn(body: ReadableStream<Uint8Array>, call: ProxyCall, whenToStop: ((stop: () => void) => Release) | null): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let isStopped = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const stop = () => {
        isStopped = true;
        void reader.cancel().catch(() => undefined);
        controller.close();
        call.end();
      };
      if (whenToStop) call.atEnd(whenToStop(stop));
    },
    async pull(controller) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        call.end();
        throw error;
      });
      if (isStopped) return;
      if (!done) return controller.enqueue(value);
      call.end();
      controller.close();
    },
    cancel(reason) {
      call.end();
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/** Calls back when a session ends, also by another instance, or when this instance closes. */
function whenSessionEnds(client: SessionClient, { watch }: Pick<SessionWatches, 'watch'>, onEnd: () => void): Release {
  const sessionId = client.store.getSessionId();
  const look = () => void (client.store.getSessionId() !== sessionId && onEnd());
  return watch(client, { onChange: look, onBeat: () => undefined, onClose: onEnd });
}

/** Creates the answer for an error of a call. */
function failure(platform: Platform, error: unknown): Response {
  if (AuthError.is(error)) {
    const answer = errorResponse(error, platform.now().wall);
    answer.headers.set('x-session-error', error.code);
    return answer;
  }
  if (error instanceof BodyTooLarge) return tooLarge();
  if (error instanceof BodyIncomplete) return refusal(400, 'incomplete_body');
  if (error instanceof CallTimeout) return error.isOfApi ? refusal(504, 'upstream_timeout') : refusal(408, 'request_timeout');
  return refusal(502, 'upstream_unavailable');
}

function tooLarge(): Response {
  return refusal(413, 'body_too_large');
}

/** A developer reads this in the network view of the browser, because a failed `WebSocket` shows no reason. */
const NO_UPGRADE = { message: 'The proxy forwards no WebSocket. Connect to the API itself, with a ticket that the page gets by a call through the proxy.' };

function refusal(status: number, error: string, headers: Readonly<Record<string, string>> = {}, more: object = {}): Response {
  return jsonAnswer(status, { error, ...more }, { 'x-session-error': error, ...headers });
}
