import { AuthError } from '../core/model/auth-error.ts';
import { problemOf } from '../core/model/foreign-error.ts';
import type { EndNames } from './end-all.ts';
import { jsonAnswer, refusal } from './json-answer.ts';
import type { RequestOptions } from './request-options.ts';

/**
 * Verifies the logout token of a request, and returns what it names: the session of the provider (`sid`), the user (`subject`), or both.
 */
export type BackChannelLogout = (request: Request) => EndNames | Promise<EndNames>;

/** What a back-channel logout uses of the sessions. */
interface Ends {
  readonly endAll: (names: EndNames, options: RequestOptions) => Promise<number>;
  readonly warn: (text: string) => void;
}

/**
 * Ends the sessions that a logout token of an issuer names. Any failure is 400, so that the issuer does not take the user for
 * signed out here.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.8
 */
export async function backChannelAnswer(request: Request, options: RequestOptions, verify: BackChannelLogout, { endAll, warn }: Ends): Promise<Response> {
  try {
    const { sid, subject } = await verify(request);
    await endAll({ sid, subject }, options);
    return jsonAnswer(200, {});
  } catch (error) {
    warn(`unexpired: a back-channel logout was refused: ${problemOf(error)}`);
    return refusal(400, AuthError.is(error) && error.code !== 'invalid_config' ? error.code : 'invalid_request');
  }
}
