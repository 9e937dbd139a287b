import { AuthError } from '../core/model/auth-error.ts';
import { problemOf } from '../core/model/foreign-error.ts';
import { jsonAnswer, refusal } from './json-answer.ts';
import type { RequestOptions } from './request-options.ts';

/** Verifies the logout token of a request, and returns its user. */
export type BackChannelLogout = (request: Request) => { readonly subject: string } | Promise<{ readonly subject: string }>;

/** What a back-channel logout uses of the sessions. */
interface Ends {
  readonly endAll: (subject: string, options: RequestOptions) => Promise<number>;
  readonly warn: (text: string) => void;
}

/**
 * Ends the sessions of the user whom an issuer has signed out. Any failure is 400, so that the issuer does not take the user for
 * signed out here.
 *
 * @see OpenID Connect Back-Channel Logout 1.0 section 2.8
 */
export async function backChannelAnswer(request: Request, options: RequestOptions, verify: BackChannelLogout, { endAll, warn }: Ends): Promise<Response> {
  try {
    const { subject } = await verify(request);
    await endAll(subject, options);
    return jsonAnswer(200, {});
  } catch (error) {
    warn(`unexpired: a back-channel logout was refused: ${problemOf(error)}`);
    return refusal(400, AuthError.is(error) && error.code !== 'invalid_config' ? error.code : 'invalid_request');
  }
}
