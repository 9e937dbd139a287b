import { AuthError } from './auth-error.ts';

/**
 * Names an error of foreign code. Its message, stack and cause may quote a token, so none of them is shown.
 *
 * @returns the name if it is one word that ends in `Error`, as those of the platform do, else `Error`
 */
export function nameOf(error: unknown): string {
  const { name } = Object(error) as { readonly name?: unknown };
  return typeof name === 'string' && /^[A-Z][A-Za-z]{0,30}Error$/.test(name) ? name : 'Error';
}

/** Describes an error: the message of one of this package, the name of any other. */
export function problemOf(error: unknown): string {
  return AuthError.is(error) ? error.message : nameOf(error);
}

/** Whether an error comes from the app's own code. An error of the browser, such as a full disk, is known by its name. */
export function isMistake(error: unknown): boolean {
  return !AuthError.is(error) && nameOf(error) !== 'TimeoutError' && Object(error)[Symbol.toStringTag] !== 'DOMException';
}
