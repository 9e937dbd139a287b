import { invalidConfig } from '../core/model/auth-error.ts';
import type { SignInInput } from '../core/session/sign-in.ts';
import { backChannelAnswer, type BackChannelLogout } from './back-channel-logout.ts';
import { errorResponse } from './error-response.ts';
import { jsonAnswer, refusal } from './json-answer.ts';
import { isForeign, isPageRequest, namedSession } from './page-request.ts';
import type { RequestOptions } from './request-options.ts';
import type { SessionClient } from './session-client.ts';
import { createSession, snapshotOf } from './session.ts';
import { sessionAnswer, tokenAnswer } from './session-answer.ts';
import { eventsAnswer } from './session-events.ts';
import { nameOf } from './session-id.ts';
import type { SessionWatches } from './session-watches.ts';
import type { Sessions } from './sessions.ts';
import { readAfter } from './token-request.ts';
import { pathOf } from './web-request.ts';

/** The options of `handler`. */
export interface HandlerOptions {
  /** The path of the handler, without a slash at the end. Default: `/auth`. */
  readonly basePath?: string | undefined;
  /**
   * Gets the tokens for a `POST …/sign-in`, for example by a grant from the body of the request. An `AuthError` that it throws
   * becomes the answer, as `errorResponse` makes it. Without it, `sign-in` is 404.
   */
  readonly signIn?: ((request: Request) => SignInInput | Promise<SignInInput>) | undefined;
  /**
   * With `page`, pages get the access token: in the answer to a sign-in, and by `POST …/token`. They call the API themselves then.
   * Default: no token leaves the server.
   */
  readonly tokens?: 'page' | undefined;
  /**
   * Verifies the logout token of a `POST …/back-channel-logout`, which the issuer sends when it has signed a user out, and returns
   * `{ sid }`, the session of the issuer, or `{ subject }`, the user, as `subjectOf` of the protocol names them, or both. These sessions
   * end, as by `endAll`. If it throws, the answer is 400. Without it, 404.
   */
  readonly backChannelLogout?: BackChannelLogout | undefined;
}

/** What the handler uses of the sessions. */
export interface SessionAccess {
  /** Reads the session of a request. @throws AuthError `storage_unavailable` */
  readonly open: (request: Request, options: RequestOptions, isActivity: boolean) => Promise<SessionClient>;
  /** Reads the session of a request, and neither lets it live longer nor refreshes it. @throws as `open` */
  readonly look: (request: Request) => Promise<SessionClient>;
  /** The sessions that pages watch. */
  readonly watches: SessionWatches;
  /** Starts a session. @throws as `signIn` of `Sessions` */
  readonly start: (input: SignInInput, request: Request, options: RequestOptions) => Promise<{ readonly client: SessionClient; readonly setCookie: string }>;
  readonly endAll: Sessions['endAll'];
  readonly warn: (text: string) => void;
  /** The `Set-Cookie` that removes the id. */
  readonly removal: string;
  /** The time by the store's clock, epoch ms. */
  readonly now: () => number;
  /** The time by the clock of this instance, epoch ms. */
  readonly deviceNow: () => number;
}

/** The one `POST` that no page sends. Its logout token is signed by the issuer. */
const BACK_CHANNEL = 'back-channel-logout';

type Step = (request: Request, options: RequestOptions) => Promise<Response>;
type Steps = Readonly<Partial<Record<'GET' | 'POST', Step | undefined>>>;

/**
 * Creates the handler of one app.
 *
 * @throws AuthError `invalid_config` with the field `basePath`, `signIn`, `tokens` or `backChannelLogout`
 */
export function createHandler(access: SessionAccess, options: HandlerOptions): Sessions['handler'] {
  const { basePath = '/auth', signIn, tokens, backChannelLogout } = options;
  if (typeof basePath !== 'string' || !/^(\/[\w.~-]+)*$/.test(basePath)) throw invalidConfig('basePath', 'must be a path without a slash at the end, such as "/auth"');
  if (signIn !== undefined && typeof signIn !== 'function') throw invalidConfig('signIn', 'must be a function that gets the tokens of a sign-in');
  if (tokens !== undefined && tokens !== 'page') throw invalidConfig('tokens', 'must be "page", or left out');
  if (backChannelLogout !== undefined && typeof backChannelLogout !== 'function') throw invalidConfig('backChannelLogout', 'must be a function that verifies a logout token and returns { sid } or { subject }');
  const routes = createRoutes(access, options);

  return async (request, requestOptions = {}) => {
    const path = pathOf(request);
    const name = path.startsWith(`${basePath}/`) ? path.slice(basePath.length + 1) : '';
    const steps = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!steps) return refusal(404, 'not_found');
    const { method } = request;
    const step = method === 'GET' || method === 'POST' ? steps[method] : undefined;
    if (!step) return refusal(405, 'method_not_allowed', { allow: Object.keys(steps).join(', ') });
    if (method === 'POST' && name !== BACK_CHANNEL && !isPageRequest(request)) return refusal(403, 'cross_site_request');
    return step(request, requestOptions).catch((error: unknown) => errorResponse(error, access.deviceNow()));
  };
}

function createRoutes(access: SessionAccess, { signIn, tokens, backChannelLogout }: HandlerOptions): Readonly<Record<string, Steps | undefined>> {
  const { open, look, watches, start, removal, now } = access;
  return {
    [BACK_CHANNEL]: backChannelLogout && { POST: (request, options) => backChannelAnswer(request, options, backChannelLogout, access) },
    session: {
      GET: async (request, options) => jsonAnswer(200, snapshotOf(await open(request, options, false))),
      POST: async (request, options) => jsonAnswer(200, sessionAnswer(await open(request, options, false), now())),
    },
    activity: {
      POST: async (request, options) => jsonAnswer(200, sessionAnswer(await open(request, options, true), now())),
    },
    events: {
      GET: async (request) => (isForeign(request) ? refusal(403, 'cross_site_request') : eventsAnswer(await look(request), request.signal, watches)),
    },
    token: tokens && {
      async POST(request, options) {
        const client = await open(request, options, false);
        sessionAnswer(client, now()); // Without a session, no body is read.
        const after = await readAfter(request).catch(() => undefined);
        if (after === undefined) return refusal(400, 'invalid_request');
        return jsonAnswer(200, await tokenAnswer(client, isOfOther(client, request) ? null : after, now));
      },
    },
    'sign-in': signIn && {
      async POST(request, options) {
        const { client, setCookie } = await start(await signIn(request), request, options);
        const answer = tokens ? await tokenAnswer(client, null, now).catch((error: unknown) => abandon(client, error)) : sessionAnswer(client, now());
        return jsonAnswer(200, { ...snapshotOf(client), ...answer }, { 'set-cookie': setCookie });
      },
    },
    'sign-out': {
      async POST(request, options) {
        const client = await open(request, options, false);
        // The user of another tab has signed in since, and goes on.
        if (isOfOther(client, request)) return jsonAnswer(200, { status: snapshotOf(client).status });
        const { setCookie } = await createSession(client, { removal }).signOut();
        return jsonAnswer(200, { status: 'signedOut' }, { 'set-cookie': setCookie });
      },
    },
  };
}

/** Ends a session whose cookie is not sent, because its first token cannot be used. */
async function abandon(client: SessionClient, error: unknown): Promise<never> {
  await client.signOut().catch(() => undefined);
  throw error;
}

/** Whether a page shows another session than that of its cookie. */
function isOfOther({ key }: SessionClient, request: Request): boolean {
  const named = namedSession(request);
  return named !== null && key !== '' && named !== nameOf(key);
}
