import type { Answer } from '../core/model/answer.ts';
import type { RefreshOutcome } from '../core/model/refresh-outcome.ts';

const HTML = /^\s*<(!|html|head|body)/i;

/**
 * Marks a failed refresh whose answer points to a wrong address: HTTP 404 or 405, or an HTML page.
 *
 * The failure stays transient, because a proxy can answer in place of the right token endpoint. HTTP 408, 425, 429 and
 * 5xx and the error codes of the protocol keep their own meaning.
 *
 * @param outcome what the protocol read in the answer
 * @param url the address that answered
 * @param setting the name of the setting that holds the address, such as `tokenEndpoint`
 * @see RFC 6749 section 5.2: a token endpoint answers 400 or 401, in JSON
 */
export function markWrongEndpoint(outcome: RefreshOutcome, { status, body }: Answer, url: string, setting: string): RefreshOutcome {
  if (outcome.kind !== 'transient' || (outcome.cause !== 'refused' && outcome.cause !== 'invalid_response')) return outcome;
  const isWrongPath = status === 404 || status === 405;
  if (!isWrongPath && !HTML.test(body)) return outcome;
  const answered = isWrongPath ? status : `${status} with an HTML page`;
  return { ...outcome, wrongEndpoint: true, detail: `\`${url.replace(/\?.*/s, '')}\` answered ${answered}: check \`${setting}\`.` };
}
