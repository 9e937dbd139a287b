import type { Protocol } from '../model/protocol.ts';
import { redactError } from '../model/redact.ts';
import { secretsOf, type TokenSet } from '../model/token-set.ts';
import { withDeadline } from '../platform/deadline.ts';
import { sendTokenRequest, TOKEN_DEADLINE_MS, type EndpointContext } from './token-endpoint.ts';

/**
 * Revokes the tokens of an ended session, if the protocol can. The request survives the closing of the page.
 *
 * It never rejects: a failure is printed as a warning, because the session has ended either way.
 */
export async function revoke(context: EndpointContext, protocol: Protocol, tokens: TokenSet): Promise<void> {
  const secrets = secretsOf(tokens);
  try {
    const request = protocol.revokeRequest?.(tokens);
    if (!request) return;
    secrets.push(...request.secrets);
    const [response] = await withDeadline(context.platform, TOKEN_DEADLINE_MS, (signal) => sendTokenRequest(context, request, signal, true));
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  } catch (error) {
    context.platform.warn(`unexpired: the session has ended, but its tokens could not be revoked: ${redactError(error, secrets).message}`);
  }
}
