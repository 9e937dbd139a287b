/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  /** In lower case, such as `bearer`. */
  readonly scheme: string;
  /** By name in lower case, values without their quotes. */
  readonly params: Readonly<Record<string, string>>;
}

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
// Servers forget commas, and quotes around an address.
const PARAM = new RegExp(`^(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"=][^\\s,"]*))`);
const SCHEME = new RegExp(`^(${TOKEN})(?:\\s+(?!=)|(?=,|$))`);
const TOKEN68 = /^[\w.~+/-]+=*\s*(?=,|$)/;

/**
 * Reads the challenges of a `WWW-Authenticate` header; several in one header are told apart, and odd quoting is undone.
 *
 * What cannot be read ends the reading: what came before it counts.
 *
 * @param header the header's value, or `null`
 * @see RFC 9110 section 11.6.1
 */
export function parseChallenges(header: string | null): Challenge[] {
  const challenges: { scheme: string; params: Record<string, string> }[] = [];
  let rest = (header ?? '').replace(/^[\s,]+/, '');
  const take = (match: RegExpExecArray) => (rest = rest.slice(match[0].length).replace(/^[\s,]+/, ''));
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
