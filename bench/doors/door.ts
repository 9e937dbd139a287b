/** The address of the server, which is the authorization server and the API. */
export interface Address {
  /** The issuer, which ends with `/`. */
  readonly issuer: string;
  /** The page that the server sends the user back to. */
  readonly redirectUri: string;
}

export const CLIENT_ID = 'bench';
export const SCOPE = 'openid offline_access';

/** What a page gets when a sign-in is complete. */
export interface SignedIn {
  /** The page that the sign-in was started on. */
  readonly returnTo: string;
  /** Sends one call with a token, and resolves to the status of its answer. */
  readonly call: (path: string) => Promise<number>;
}

/** A sign-in by redirect, as the documentation of a library writes it. */
export interface Door {
  /** Sends the user to the authorization server. */
  readonly start: (returnTo: string) => Promise<void>;
  /** Completes the sign-in on the callback page. */
  readonly finish: () => Promise<SignedIn>;
}

/** Calls the API with a token. */
export async function callWith({ issuer }: Address, token: string | undefined, path: string): Promise<number> {
  return (await fetch(issuer + path, { headers: { authorization: `Bearer ${token}` } })).status;
}
