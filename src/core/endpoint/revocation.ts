import { nameOf } from '../model/foreign-error.ts';
import type { Protocol } from '../model/protocol.ts';
import type { TokenSet } from '../model/token-set.ts';
import { withDeadline } from '../platform/deadline.ts';
import { runOwnCode } from '../platform/own-code.ts';
import { checkMethod, sendTokenRequest, TOKEN_DEADLINE_MS, type EndpointContext } from './token-endpoint.ts';

/** The status of an API that has no session for the cookie any more. */
const UNAUTHORIZED = 401;

/**
 * Revokes the tokens of an ended session, if the protocol can. The request survives the closing of the page.
 *
 * It never rejects: a failure is printed as a warning, because the session has ended either way.
 *
 * @returns whether the API has confirmed it
 */
export async function revoke(context: EndpointContext, protocol: Protocol, tokens: TokenSet): Promise<boolean> {
  const { platform } = context;
  const warn = (problem: string) => platform.warn(`unexpired: the session has ended, but its tokens could not be revoked: ${problem}`);
  const request = runOwnCode(platform, () => protocol.revokeRequest?.(tokens), (error) => warn(nameOf(error)));
  if (!request) return false;
  try {
    checkMethod(context, request);
    const end = await context.requestTurn?.lock();
    const [{ ok, status }] = await withDeadline(platform, TOKEN_DEADLINE_MS, (signal) => sendTokenRequest(context, request, signal, { tokens }, true)).finally(end);
    if (ok || status === UNAUTHORIZED) return ok || context.protocol.refreshCookie !== undefined;
    warn(`HTTP ${status}`);
  } catch (error) {
    warn(nameOf(error));
  }
  return false;
}
