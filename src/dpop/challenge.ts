import { parseObject } from '../core/model/json.ts';
import { parseHttpDate } from '../core/model/refresh-policy.ts';

/** What a server asks for: another nonce, or a proof with the right time. */
export type Challenge = 'use_dpop_nonce' | 'invalid_dpop_proof';

/** By how much a clock must be wrong before a proof is made again, ms. Servers accept some seconds, and `Date` has whole ones. */
const WRONG_CLOCK_MS = 5000;

/**
 * Returns what the answer to a request with a proof asks for. Its body stays unread.
 *
 * An API names it in `WWW-Authenticate`, a token endpoint in its JSON. If an API of another origin does not let the page read that header, a 401
 * with a new nonce counts as a request for it.
 *
 * @param isCall whether the request went to an API
 * @see RFC 9449 sections 8 and 9
 */
export async function challengeIn(response: Response, isCall: boolean): Promise<Challenge | null> {
  const { status, headers } = response;
  if (status !== 401 && (isCall || status !== 400)) return null;
  if (!isCall) return challengeOf(`${parseObject(await response.clone().text().catch(() => ''))?.['error']}`);
  const challenges = headers.get('www-authenticate');
  if (challenges === null) return headers.has('dpop-nonce') ? 'use_dpop_nonce' : null;
  return challengeOf(/\berror\s*=\s*"?(use_dpop_nonce|invalid_dpop_proof)\b/i.exec(challenges)?.[1]?.toLowerCase());
}

function challengeOf(error: string | undefined): Challenge | null {
  return error === 'use_dpop_nonce' || error === 'invalid_dpop_proof' ? error : null;
}

/**
 * Returns the API's clock minus the device's, ms, as an answer shows it; `null` if it shows none, or if the clock that was used is right.
 *
 * @param sentAt when the request was sent, epoch ms by the device's clock
 * @param used the offset that its proof was made with, ms
 */
export function correctedOffset(response: Response, sentAt: number, used: number): number | null {
  const date = parseHttpDate(response.headers.get('date'));
  return date === null || Math.abs(date - sentAt - used) < WRONG_CLOCK_MS ? null : date - sentAt;
}
