import type { TokenAnswer } from '../server/family.ts';

/** Where a world's API is, such as `https://localhost:1234/worlds/7`. */
export interface ApiAddress {
  readonly base: string;
  readonly origin: string;
}

/** Calls the API in the way that the library's documentation shows; resolves to the status of the answer, and throws when there is none. */
export type Call = (path: string) => Promise<number>;

/** One way to keep a session in a browser. */
export interface Peer {
  /** Stores a session where the library would have it after a sign-in. */
  signIn(api: ApiAddress, tokens: TokenAnswer): void | Promise<void>;
  /** Opens the library on what is stored, as a page does that has just been loaded. */
  open(api: ApiAddress): Call | Promise<Call>;
}
