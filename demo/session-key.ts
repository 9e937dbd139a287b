import { decodeClaims, type AuthSnapshot } from 'unexpired';
import { BOTS } from './environment.ts';

/**
 * Names the session that a snapshot shows, `null` while nobody is signed in: another tab can replace the user
 * without this one ever seeing `signedOut`.
 */
export function sessionKeyOf({ tokens }: AuthSnapshot): string | null {
  if (tokens === null) return null;
  const claims = decodeClaims(tokens.accessToken);
  return `${String(claims?.['bid'])}/${String(claims?.['sid'])}`;
}

/** When the API issued the access token, epoch ms by the API's clock; `null` when it does not say. */
export function issuedAtOf({ tokens }: AuthSnapshot): number | null {
  const iat = tokens === null ? undefined : decodeClaims(tokens.accessToken)?.iat;
  return iat === undefined ? null : iat * 1000;
}

/** The bot whose session it is: the API numbers its bots from 1. */
export function botIdOf({ tokens }: AuthSnapshot): string | null {
  const number = tokens === null ? undefined : decodeClaims(tokens.accessToken)?.['bid'];
  return typeof number === 'number' ? (BOTS[number - 1]?.id ?? null) : null;
}
