import type { Answer } from '../core/model/answer.ts';

/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** The scheme in lower case, such as `bearer`. */
  readonly scheme: string;
  /** The parameters by their names in lower case; the values have no quotes. */
  readonly params: Readonly<Record<string, string>>;
}

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
// Some servers leave out the quotes around an address, which is then longer than the RFC's token.
const PARAM = new RegExp(`^(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"=][^\\s,"]*))`);
const SCHEME = new RegExp(`^(${TOKEN})(?:\\s+(?!=)|(?=,|$))`);
const TOKEN68 = /^[\w.~+/-]+=*\s*(?=,|$)/;
const SEPARATORS = /^[\s,]+/;

/**
 * Reads the challenges of a `WWW-Authenticate` header.
 *
 * The header can hold several challenges. Missing commas and missing quotes are accepted. At text that cannot be read the
 * function stops and returns the challenges before it.
 *
 * @param header the header's value, or `null`
 * @see RFC 9110 section 11.6.1
 */
export function parseChallenges(header: string | null): Challenge[] {
  const challenges: { scheme: string; params: Record<string, string> }[] = [];
  let rest = (header ?? '').replace(SEPARATORS, '');
  const take = (match: RegExpExecArray) => (rest = rest.slice(match[0].length).replace(SEPARATORS, ''));
  while (rest !== '') {
    const param = PARAM.exec(rest);
    const current = challenges.at(-1);
    if (param && current) {
      const [, name = '', quoted, plain = ''] = param;
      current.params[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? plain;
      take(param);
      continue;
    }
    const scheme = SCHEME.exec(rest);
    if (!scheme) break;
    challenges.push({ scheme: (scheme[1] ?? '').toLowerCase(), params: {} });
    take(scheme);
    const credentials = PARAM.test(rest) ? null : TOKEN68.exec(rest);
    if (credentials && !SCHEME.test(rest)) take(credentials);
  }
  return challenges;
}

/**
 * Whether an answer of an API rejects the access token as invalid.
 *
 * @see RFC 6750 section 3.1, RFC 9449 section 7.1
 */
export function isInvalidToken({ status, header }: Answer): boolean {
  if (status !== 401) return false;
  return parseChallenges(header('www-authenticate')).some(({ scheme, params }) => /^(bearer|dpop)$/.test(scheme) && params['error']?.toLowerCase() === 'invalid_token');
}
