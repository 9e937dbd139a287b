import { invalidConfig } from '../core/model/auth-error.ts';
import type { Platform } from '../core/platform/platform.ts';
import type { SignInInput } from '../core/session/sign-in.ts';
import { errorResponse } from './error-response.ts';
import { jsonAnswer, refusal } from './json-answer.ts';
import { isPageRequest } from './page-request.ts';
import type { SessionClient } from './session-client.ts';
import { createSession, snapshotOf } from './session.ts';
import { sessionAnswer } from './session-answer.ts';
import type { RequestOptions, Sessions } from './sessions.ts';
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
}

/** What the handler uses of the sessions. */
export interface SessionAccess {
  /** Reads the session of a request. @throws AuthError `storage_unavailable` */
  readonly open: (request: Request, options: RequestOptions) => Promise<SessionClient>;
  /** Starts a session. @throws as `signIn` of `Sessions` */
  readonly start: (input: SignInInput, request: Request, options: RequestOptions) => Promise<{ readonly client: SessionClient; readonly setCookie: string }>;
  /** The `Set-Cookie` that removes the id. */
  readonly removal: string;
  /** The clock is that of the store. */
  readonly platform: Platform;
}

type Step = (request: Request, options: RequestOptions) => Promise<Response>;
type Steps = Readonly<Partial<Record<'GET' | 'POST', Step | undefined>>>;

/**
 * Creates the handler of one app.
 *
 * @throws AuthError `invalid_config` with the field `basePath` or `signIn`
 */
export function createHandler(access: SessionAccess, options: HandlerOptions): Sessions['handler'] {
  const { basePath = '/auth' } = options;
  if (typeof basePath !== 'string' || !/^(\/[\w.~-]+)*$/.test(basePath)) throw invalidConfig('basePath', 'must be a path without a slash at the end, such as "/auth"');
  const routes = createRoutes(access, options);

  return async (request, requestOptions = {}) => {
    const path = pathOf(request);
    const name = path.startsWith(`${basePath}/`) ? path.slice(basePath.length + 1) : '';
    const steps = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!steps) return refusal(404, 'not_found');
    const { method } = request;
    const step = method === 'GET' || method === 'POST' ? steps[method] : undefined;
    if (!step) return refusal(405, 'method_not_allowed', { allow: Object.keys(steps).join(', ') });
    if (method === 'POST' && !isPageRequest(request)) return refusal(403, 'cross_site_request');
    return step(request, requestOptions).catch(errorResponse);
  };
}

function createRoutes({ open, start, removal, platform }: SessionAccess, { signIn }: HandlerOptions): Readonly<Record<string, Steps | undefined>> {
  if (signIn !== undefined && typeof signIn !== 'function') throw invalidConfig('signIn', 'must be a function that gets the tokens of a sign-in');
  const now = () => platform.now().wall;
  return {
    session: {
      GET: async (request, options) => jsonAnswer(200, snapshotOf(await open(request, options))),
      POST: async (request, options) => jsonAnswer(200, sessionAnswer(await open(request, options), now())),
    },
    'sign-in': signIn && {
      async POST(request, options) {
        const { client, setCookie } = await start(await signIn(request), request, options);
        return jsonAnswer(200, { ...snapshotOf(client), ...sessionAnswer(client, now()) }, { 'set-cookie': setCookie });
      },
    },
    'sign-out': {
      async POST(request, options) {
        const { setCookie } = await createSession(await open(request, options), { removal }).signOut();
        return jsonAnswer(200, { status: 'signedOut' }, { 'set-cookie': setCookie });
      },
    },
  };
}
