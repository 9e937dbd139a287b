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

/**
 * Warns about a refresh token that never was in a cookie of this browser: the first refresh after the sign-in finds no session.
 *
 * @param generation the generation of the session; 1 after a sign-in
 * @param isOver whether the answer has ended the session
 */
export function adviseLostCookie(platform: { readonly warn: (text: string) => void }, { generation }: { readonly generation: number }, { status }: { readonly status: number }, isOver: boolean): void {
  if (generation !== 1 || !isOver || (status !== 204 && status !== 401)) return;
  platform.warn(
    `unexpired: the API answered the first refresh after the sign-in by HTTP ${status}. If it has not ended the session, the browser did not store or send the cookie. `
    + 'Send the sign-in with `credentials: "include"`, and check `Path`, `Secure` and `SameSite` of the cookie, and whether the browser blocks third-party cookies.',
  );
}

/** Warns that `holdCalls` cannot know whether the same user signs in again. */
export function adviseUnknownSubject(platform: { readonly warn: (text: string) => void }): void {
  platform.warn(
    'unexpired: the session ended, and calls are held, but nothing names its user. So the next user counts as another one, and the calls then fail with `session_changed`. '
    + 'Pass `subjectOf` to `holdCalls`, such as a function that returns the user id in the tokens.',
  );
}

/** Warns about a request for a nonce whose header the page cannot read. */
export function adviseHiddenNonce(platform: { readonly warn: (text: string) => void }, origin: string): void {
  platform.warn(
    `unexpired: ${origin} asked for a DPoP nonce, and this page cannot read it. `
    + 'If the server is on another origin, let it send `Access-Control-Expose-Headers: DPoP-Nonce, WWW-Authenticate`.',
  );
}
