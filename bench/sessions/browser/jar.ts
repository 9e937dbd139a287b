/** The largest cookie that a browser accepts: name and value, bytes (RFC 10017). */
const LARGEST = 4096;

interface Cookie {
  readonly value: string;
  readonly expires: number;
}

/** The cookies of one browser for one host. */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();
  /** The names of cookies that a browser refuses because of their size. */
  readonly refused = new Set<string>();

  /** Applies the `Set-Cookie` headers of an answer. */
  accept(headers: readonly string[]): void {
    for (const header of headers) this.#accept(header);
  }

  /** The `Cookie` header of the next request. */
  header(): string {
    return [...this.#live()].map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  names(): string[] {
    return [...this.#live()].map(([name]) => name);
  }

  copy(): CookieJar {
    const jar = new CookieJar();
    for (const [name, cookie] of this.#cookies) jar.#cookies.set(name, cookie);
    return jar;
  }

  #accept(header: string): void {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    if (name.length + value.length > LARGEST) {
      this.refused.add(name);
      return;
    }
    this.#cookies.set(name, { value, expires: expiryOf(attributes) });
  }

  *#live(): Generator<[string, Cookie]> {
    for (const [name, cookie] of this.#cookies) if (cookie.expires > Date.now() && cookie.value !== '') yield [name, cookie];
  }
}

function expiryOf(attributes: readonly string[]): number {
  const of = (wanted: string) => attributes.map((text) => text.split('=')).find(([name]) => name?.toLowerCase() === wanted)?.[1];
  const maxAge = of('max-age');
  if (maxAge !== undefined) return Date.now() + Number(maxAge) * 1000;
  const expires = of('expires');
  return expires === undefined ? Infinity : Date.parse(expires);
}
