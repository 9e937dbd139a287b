import { invalidConfig } from '../core/model/auth-error.ts';
import type { SignInInput } from '../core/session/sign-in.ts';
import { errorResponse } from './error-response.ts';
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

type Step = (request: Request, options: RequestOptions) => Promise<Response>;

/**
 * Creates the handler of one app.
 *
 * @throws AuthError `invalid_config` with the field `basePath` or `signIn`
 */
export function createHandler(sessions: Pick<Sessions, 'of' | 'signIn'>, { basePath = '/auth', signIn }: HandlerOptions): Sessions['handler'] {
  if (typeof basePath !== 'string' || !/^(\/[\w.~-]+)*$/.test(basePath)) throw invalidConfig('basePath', 'must be a path without a slash at the end, such as "/auth"');
  if (signIn !== undefined && typeof signIn !== 'function') throw invalidConfig('signIn', 'must be a function that gets the tokens of a sign-in');

  const steps: Readonly<Record<string, { readonly method: string; readonly run: Step } | undefined>> = {
    session: { method: 'GET', run: async (request, options) => answer((await sessions.of(request, options)).snapshot()) },
    'sign-out': {
      method: 'POST',
      run: async (request, options) => answer({ status: 'signedOut' }, (await (await sessions.of(request, options)).signOut()).setCookie),
    },
    'sign-in': signIn && {
      method: 'POST',
      async run(request, options) {
        const { session, setCookie } = await sessions.signIn(await signIn(request), request, options);
        return answer(session.snapshot(), setCookie);
      },
    },
  };

  return async (request, options = {}) => {
    const path = pathOf(request);
    const name = path.startsWith(`${basePath}/`) ? path.slice(basePath.length + 1) : '';
    const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
    if (!step) return refusal(404, 'not_found');
    if (request.method !== step.method) return refusal(405, 'method_not_allowed', { allow: step.method });
    if (step.method === 'POST' && isCrossSite(request)) return refusal(403, 'cross_site_request');
    return step.run(request, options).catch(errorResponse);
  };
}

/** Whether another site may have made the request. Browsers state that, and other clients have no cookie that they could abuse. */
function isCrossSite({ headers, url }: Request): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin';
  const origin = headers.get('origin');
  return origin !== null && origin.replace(/^https?:\/\//, '') !== (headers.get('host') ?? new URL(url).host);
}

function answer(body: unknown, setCookie?: string): Response {
  return respond(200, body, setCookie ? { 'set-cookie': setCookie } : {});
}

function refusal(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Response {
  return respond(status, { error }, headers);
}

function respond(status: number, body: unknown, headers: Readonly<Record<string, string>>): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers } });
}
