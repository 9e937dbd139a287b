import { isRenewable } from './token-set.ts';
import { accessGenerationOf, type Session, type StorageRecord } from './storage-record.ts';

/** Returns a record without its access tokens, as storage gets it if each tab keeps its own. */
export function withoutAccessToken(record: StorageRecord): StorageRecord {
  if (record.status === 'signedOut') return record;
  const { tokens, receipt, ...session } = record.session;
  return {
    ...record,
    session: { ...session, tokens: { ...tokens, accessToken: '', expiresAt: null }, receipt: { ...receipt, lifetimeMs: 0 }, accessGeneration: undefined, others: undefined },
  };
}

/**
 * Returns a record with the access token that a tab keeps itself, if the record has none.
 *
 * The generation that brought the token stays, so that a rejection of it is still recognised. Its receipt is right for the newer
 * refresh token, too, because the end of that one is an instant.
 *
 * @param record the record that the tab has read, or is about to change
 * @param known the record of the tab
 */
export function withOwnToken<T extends StorageRecord>(record: T, known: StorageRecord): T {
  const own = known.session;
  if (record.status === 'signedOut' || hasAccessToken(record.session) || own?.sessionId !== record.session.sessionId) return record;
  const { tokens: { accessToken, expiresAt, scopes }, receipt, others } = own;
  if (!hasAccessToken(own)) return others && !record.session.others ? { ...record, session: { ...record.session, others } } : record;
  const tokens = { ...record.session.tokens, accessToken, expiresAt, scopes };
  return { ...record, session: { ...record.session, tokens, receipt, others, accessGeneration: accessGenerationOf(own) } };
}

/** Whether a session has an access token, which may have expired. */
export function hasAccessToken({ tokens }: Pick<Session, 'tokens'>): boolean {
  return tokens.accessToken !== '';
}

/** Whether a tab can have no access token of a session: it keeps none, and there is nothing to refresh it with. */
export function isOutOfReach(session: Session): boolean {
  return !hasAccessToken(session) && !isRenewable(session.tokens);
}
