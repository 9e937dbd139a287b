/**
 * Describes a wrong setting, to complete an error message.
 *
 * An address is quoted without credentials, query and fragment, because these parts can hold a secret.
 *
 * @param value any value that is not a secret as a whole; for a secret see {@link typeGiven}
 */
export function given(value: unknown): string {
  if (typeof value === 'string') return `; it is ${JSON.stringify(value.replace(/\/\/[^/]*@/, '//…@').replace(/[?#].+/s, '…'))}`;
  return value === Object(value) ? typeGiven(value) : `; it is ${String(value)}`;
}

/**
 * Describes a wrong value by its type only, to complete an error message.
 *
 * @param value any value, a secret included
 */
export function typeGiven(value: unknown): string {
  return `; its type is ${Array.isArray(value) ? 'array' : value === null ? value : typeof value}`;
}

/** Explains why a path in a `Request` went to the page's origin; empty for any other origin. */
export function requestPathHint(origin: string, pageUrl: string | null): string {
  const isPage = pageUrl !== null && URL.canParse(pageUrl) && new URL(pageUrl).origin === origin;
  return isPage ? ' The path in a `Request` was resolved against the page; pass it to `fetch` as a string, which continues `baseUrl`.' : '';
}

/** Explains a wrong `expiresAt`. */
export function instantHint(expiresAt: number): string {
  return `; ${expiresAt} is ${Number.isInteger(expiresAt) ? 'in seconds, or a duration' : 'not whole'}`;
}

/** The warnings of one client. Each is printed once. */
export interface Advice {
  /** Warns about a 401 whose header cannot be read, so that the client cannot recognise a rejected token. */
  readonly unreadableHeader: (response: Response, header: string | undefined) => void;
}

/** Creates the warnings of one client. */
export function createAdvice(warn: (text: string) => void): Advice {
  let isPrinted = false;
  return {
    unreadableHeader({ status, headers }, header) {
      if (isPrinted || status !== 401 || header === undefined || headers.has(header)) return;
      isPrinted = true;
      warn(
        `unexpired: the API answered 401 without a readable \`${header}\` header, so the client cannot tell a rejected token from another 401. `
        + `If the API is on another origin, let it send \`Access-Control-Expose-Headers: ${header}\`. If it sends no such header, pass \`isRejection\` to the protocol.`,
      );
    },
  };
}
