import type { AuthClient } from './auth-client.ts';
import { createTokenEndpoint } from './endpoint/token-endpoint.ts';
import { inspectorOf } from './inspector.ts';
import { sendGrant, type GrantDefinition } from './model/grant.ts';
import type { TokenSet } from './model/token-set.ts';

/**
 * Gets tokens without signing in. The request has no cookies, so it does not change a session whose refresh token is in a cookie.
 *
 * @param client the client whose protocol names the token endpoints
 * @param grant the grant to send, such as that of `createBotTokens`
 * @returns token sets by subject, such as the bot id
 * @throws AuthError `grant_refused`, `grant_unavailable`, `misconfigured`, `invalid_response`, `origin_not_allowed`, `disposed`, and
 * `invalid_config` with the field `grant` or `client`
 * @example
 * ```ts
 * import { requestTokens, type AuthClient } from 'unexpired/core';
 * import { createBotTokens, type BonfireProtocol } from 'unexpired/bonfire';
 * async function tokensOf(auth: AuthClient, protocol: BonfireProtocol, botIds: readonly string[]) {
 *   return requestTokens(auth, createBotTokens(protocol, botIds));
 * }
 * ```
 */
export async function requestTokens(client: AuthClient, grant: GrantDefinition): Promise<Readonly<Record<string, TokenSet>>> {
  const { door } = inspectorOf(client);
  door.start();
  // Without cookies, because the answer would replace the cookie of the session.
  const askTokenEndpoint = createTokenEndpoint({ ...door, protocol: { proofs: door.protocol.proofs }, requestTurn: undefined });
  return (await sendGrant({ ...door, askTokenEndpoint, clockOffset: door.store.getSnapshot().clockOffset }, grant)).tokens;
}
