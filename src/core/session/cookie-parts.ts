import type { Protocol } from '../model/protocol.ts';
import type { createHoldJar, createRequestTurn, createSignInTurn } from './cookie-jar.ts';
import type { createRemoveCookie, noteAnswered } from './cookie-removal.ts';

/** The parts of a client whose refresh token is in a cookie. `inCookie` brings them. */
export interface CookieParts {
  readonly createHoldJar: typeof createHoldJar;
  readonly createRequestTurn: typeof createRequestTurn;
  readonly createSignInTurn: typeof createSignInTurn;
  readonly createRemoveCookie: typeof createRemoveCookie;
  readonly noteAnswered: typeof noteAnswered;
}

/** Returns the parts that the protocol has brought; `undefined` if the refresh token is not in a cookie. */
export function cookiePartsOf({ refreshCookie }: Pick<Protocol, 'refreshCookie'>): CookieParts | undefined {
  return refreshCookie?.parts as CookieParts | undefined; // Only `inCookie` makes them.
}
