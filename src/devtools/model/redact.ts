const MARK = '[redacted]';
const JWT = /\b[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const NAMED = /\b(bearer|\w+token)[\s"\\:=]+[^\s"',;]+/gi;

/** Removes what looks like a token from a claim: each JWT, and the value after the name of a token. */
export function redact(text: string): string {
  return text.replace(JWT, MARK).replace(NAMED, `$1 ${MARK}`);
}
