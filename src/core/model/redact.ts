const MARK = '[redacted]';
const JWT = /\b[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
const NAMED = /\b(bearer|\w+token)[\s"\\:=]+[^\s"',;]+/gi;

/**
 * Removes secrets from a text: the given values, anything that looks like a JWT, and the value after the name of a token.
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

/** The name of an error, which is safe to show. Its message is not. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

/**
 * Copies the name and the redacted message of an error, so that it is safe as a `cause`.
 *
 * @param error the thrown value
 * @param secrets see {@link redact}
 */
export function redactError(error: unknown, secrets: readonly string[] = []): Error {
  const source = error instanceof Error ? error : new Error(String(error));
  const copy = new Error(redact(source.message, secrets));
  copy.name = redact(source.name, secrets);
  copy.stack = `${copy.name}: ${copy.message}`;
  return copy;
}
