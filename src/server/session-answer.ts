import { signedOut } from '../core/model/auth-error.ts';
import type { SessionClient } from './session-client.ts';
import { snapshotOf } from './session.ts';

/** The session, as its page is told that it goes on. */
export interface SessionAnswer {
  readonly session: string | null;
  readonly subject: string | null;
  /** When the answer was made, epoch ms by the store's clock. */
  readonly issuedAt: number;
}

/**
 * Creates the answer to a page that asks whether its session goes on.
 *
 * @throws AuthError `signed_out`
 */
export function sessionAnswer(client: SessionClient, issuedAt: number): SessionAnswer {
  const { status, session, subject, endReason } = snapshotOf(client);
  if (status === 'signedOut') throw signedOut(endReason);
  return { session, subject, issuedAt };
}
