import { accessGenerationOf, type OtherToken, type StorageRecord } from '../core/model/storage-record.ts';
import { refreshTextOf } from '../core/model/token-set.ts';
import { otherTokensOf } from './other-tokens.ts';

/** Stands for the access token of an answer that refuses one. It is never stored and never sent. */
export const REFUSED = '-';

/**
 * Returns a record as a client of one API would have it: the access token for that API is in the place of the session's own.
 *
 * All else is shared, such as the refresh token, the noted attempt and the failure. So the refresher needs no code for several tokens.
 *
 * @param name names the access token in the record
 */
export function viewOf<T extends StorageRecord>(record: T, name: string): T {
  if (record.status === 'signedOut') return record;
  const { session } = record;
  const missing: OtherToken = { accessToken: '', expiresAt: null, receipt: { ...session.receipt, receivedAt: 0, lifetimeMs: 0 } };
  const { accessToken, expiresAt, receipt, generation = 0, tokenType } = otherTokensOf(session)[name] ?? missing;
  const extra = tokenType === undefined ? session.tokens.extra : { ...session.tokens.extra, token_type: tokenType };
  return { ...record, session: { ...session, tokens: { ...session.tokens, accessToken, expiresAt, extra }, receipt, accessGeneration: generation } };
}

/**
 * Puts a changed view back into the record that it was made of.
 *
 * @param next the changed view
 * @param now epoch ms by the device's clock. Access tokens that have expired are dropped, so that they do not pile up
 */
export function putBack(record: StorageRecord, next: StorageRecord, name: string, now: number): StorageRecord {
  if (record.status === 'signedOut' || next.status === 'signedOut') return next;
  const { session: former } = record;
  const { session } = next;
  const { accessToken, expiresAt, ...shared } = session.tokens;
  const { token_type: tokenType, ...named } = shared.extra ?? {};
  const isRefused = accessToken === REFUSED;
  const others = isRefused || accessToken === '' ? {} : { [name]: { accessToken, expiresAt, receipt: session.receipt, generation: accessGenerationOf(session), tokenType } };
  // A refresh has brought the tokens of another user, who has no other access token yet.
  if (session.sessionId !== former.sessionId) {
    return { ...next, session: { ...session, tokens: { ...session.tokens, accessToken: '', expiresAt: null }, receipt: { ...session.receipt, lifetimeMs: 0 }, others } };
  }
  const { tokens, receipt, subject, accessGeneration } = former;
  // What the session has stays. If it has got a key (DPoP), the refresh token is bound to that from now on.
  const extra = shared.extra || tokens.extra ? { ...named, ...tokens.extra } : undefined;
  return {
    ...next,
    // Some servers rotate the refresh token before they refuse the access token.
    maybeRotated: next.maybeRotated || (isRefused && refreshTextOf(shared) === refreshTextOf(tokens)),
    session: {
      ...session, receipt, subject,
      tokens: { ...shared, accessToken: tokens.accessToken, expiresAt: tokens.expiresAt, scopes: tokens.scopes, extra },
      accessGeneration: session.generation === former.generation ? accessGeneration : accessGenerationOf(former),
      others: { ...living(otherTokensOf(former), now), ...others },
    },
  };
}

function living(others: ReturnType<typeof otherTokensOf>, now: number): Readonly<Record<string, OtherToken>> {
  return Object.fromEntries(Object.entries(others).filter(([, { receipt: { receivedAt, lifetimeMs } }]) => receivedAt + (lifetimeMs ?? Infinity) > now));
}
