import { asObject } from '../core/model/json.ts';
import { isReceipt, type OtherToken, type Session } from '../core/model/storage-record.ts';
import { isSecret } from '../core/model/token-set.ts';

/**
 * Returns the further access tokens of a session, by their names. One that cannot be read is left out, because it must not cost the session.
 *
 * The check is here and not where the record is read, so that an app with one API loads none.
 */
export function otherTokensOf({ others }: Pick<Session, 'others'>): Readonly<Record<string, OtherToken>> {
  return Object.fromEntries(Object.entries(asObject(others) ?? {}).filter((entry): entry is [string, OtherToken] => isOther(entry[1])));
}

function isOther(value: unknown): boolean {
  const { accessToken, expiresAt, receipt } = asObject(value) ?? {};
  return isSecret(accessToken) && (expiresAt === null || Number.isFinite(expiresAt)) && isReceipt(receipt);
}
