import { signedOut } from '../core/model/auth-error.ts';
import { accessGenerationOf } from '../core/model/storage-record.ts';
import type { SessionClient } from './session-client.ts';
import type { SessionEnds } from './session-limit.ts';
import { snapshotOf } from './session.ts';

/** The session of a page, in an answer that says that it goes on. */
export interface SessionAnswer {
  readonly session: string | null;
  readonly subject: string | null;
  /** When the answer was made, epoch ms by the store's clock. */
  readonly issuedAt: number;
  /** When the session ends, epoch ms by the store's clock. */
  readonly ends?: SessionEnds | undefined;
}

/**
 * Creates the answer to a page that asks whether its session goes on.
 *
 * @throws AuthError `signed_out`
 */
export function sessionAnswer(client: SessionClient, issuedAt: number): SessionAnswer {
  const { status, session, subject, endReason, ends } = snapshotOf(client);
  if (status === 'signedOut') throw signedOut(endReason);
  return { session, subject, issuedAt, ...(ends && { ends }) };
}

/** The session with its access token, for a page that calls the API itself. It never has the refresh token. */
export interface TokenAnswer extends SessionAnswer {
  readonly accessToken: string;
  /** Epoch ms by the store's clock; `null` if unknown. */
  readonly expiresAt: number | null;
  readonly scopes: readonly string[];
  /** Counts the tokens of the session. The page names it when it asks for a newer one. */
  readonly generation: number;
}

/**
 * Creates the answer to a page that asks for an access token newer than that of a generation. If the server has that one itself, it
 * refreshes.
 *
 * @throws AuthError as `getAccessToken`
 */
export async function tokenAnswer(client: SessionClient, after: number | null, now: () => number): Promise<TokenAnswer> {
  const { record: { session } } = await client.acquireToken({ rejectedGeneration: after });
  const { tokens: { accessToken, expiresAt, scopes }, receipt } = session;
  return { ...sessionAnswer(client, now()), accessToken, expiresAt: expiresAt === null ? null : expiresAt - receipt.clockOffset, scopes, generation: accessGenerationOf(session) };
}
