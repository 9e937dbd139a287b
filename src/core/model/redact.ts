const MARK = '[redacted]';
const JWT = /\b[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const NAMED = /\b(bearer|\w+token)[\s"\\:=]+[^\s"',;]+/gi;

/**
 * Takes secrets out of a text: the given ones, and whatever looks like a JWT, or stands where a token is named.
 *
 * @param text any text that may be shown
 * @param secrets values that must not appear, such as the tokens of the request
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  return secrets
    .filter(Boolean)
    .flatMap((secret) => [secret, encodeURIComponent(secret), new URLSearchParams([['', secret]]).toString().slice(1), JSON.stringify(secret).slice(1, -1)])
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, MARK), text)
    .replace(JWT, MARK)
    .replace(NAMED, `$1 ${MARK}`);
}

/** What kind of error it is: all of a foreign error that can be told without a look at its text. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

/**
 * Makes a copy of an error that is safe as a `cause`: its name and its redacted message, nothing else of it.
 *
 * @param error whatever was thrown
 * @param secrets see {@link redact}
 */
export function redactError(error: unknown, secrets: readonly string[] = []): Error {
  const source = error instanceof Error ? error : new Error(String(error));
  const copy = new Error(redact(source.message, secrets));
  copy.name = redact(source.name, secrets);
  copy.stack = `${copy.name}: ${copy.message}`;
  return copy;
}
