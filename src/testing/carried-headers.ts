const CARRIED = Symbol.for('unexpired.CarriedHeaders');

/** The headers that scripts in a browser can neither set nor read. A cookie jar carries them beside a request or an answer. */
interface CarriedHeaders {
  readonly [name: string]: string | readonly string[] | undefined;
}

/** Returns a header that a jar may carry beside a request; `null` if there is none. */
export function headerOf(request: Request, name: 'Cookie' | 'Origin'): string | null {
  const value = carriedBy(request)[name];
  return typeof value === 'string' ? value : request.headers.get(name);
}

/** Gives a request headers that a script cannot set. */
export function carry(request: Request, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value); // A browser ignores this.
  Object.defineProperty(request, CARRIED, { value: headers, configurable: true });
}

/** Adds `Set-Cookie` headers to an answer. */
export function addSetCookies(response: Response, lines: readonly string[]): void {
  for (const line of lines) response.headers.append('Set-Cookie', line); // A browser ignores this.
  Object.defineProperty(response, CARRIED, { value: { 'Set-Cookie': lines }, configurable: true });
}

/** Returns the `Set-Cookie` headers of an answer. */
export function setCookiesOf(response: Response): readonly string[] {
  const carried = carriedBy(response)['Set-Cookie'];
  return Array.isArray(carried) ? (carried as readonly string[]) : response.headers.getSetCookie();
}

function carriedBy(message: Request | Response): CarriedHeaders {
  return (message as { readonly [CARRIED]?: CarriedHeaders })[CARRIED] ?? {};
}
