/** The warnings of one client. Each is printed once. */
export interface Advice {
  /** Warns about a 401 whose header cannot be read, so that the client cannot recognise a rejected token. */
  readonly unreadableHeader: (response: Response, header: string | undefined) => void;
}

/** Creates the warnings of one client. */
export function createAdvice(warn: (text: string) => void): Advice {
  let isPrinted = false;
  return {
    unreadableHeader({ status, headers, url }, header) {
      if (isPrinted || status !== 401 || header === undefined || headers.has(header)) return;
      isPrinted = true;
      warn(
        `unexpired: ${url === '' ? 'the API' : url.replace(/[?#].*/s, '')} answered 401 without a readable \`${header}\` header, so the client cannot distinguish a rejected token from another 401. `
        + `If the API is on another origin, let it send \`Access-Control-Expose-Headers: ${header}\`. If it sends no such header, pass \`isRejection\` to the protocol.`,
      );
    },
  };
}
