import { decodeClaims, type AuthSnapshot } from 'unexpired';
import { BOTS } from './environment.ts';

/** Reads when the API issued the access token, epoch ms by the API's clock; `null` if it does not say. */
export function issuedAtOf({ tokens }: AuthSnapshot): number | null {
  const iat = tokens === null ? undefined : decodeClaims(tokens.accessToken)?.iat;
  return iat === undefined ? null : iat * 1000;
}

/** Reads which bot is signed in: the API numbers its bots from 1. */
export function botIdOf({ tokens }: AuthSnapshot): string | null {
  const number = tokens === null ? undefined : decodeClaims(tokens.accessToken)?.['bid'];
  return typeof number === 'number' ? (BOTS[number - 1]?.id ?? null) : null;
}
