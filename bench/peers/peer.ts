import type { TokenAnswer } from '../server/family.ts';

/** The address of a world's API, such as `https://localhost:1234/world-7`. */
export interface ApiAddress {
  readonly base: string;
  readonly origin: string;
}

/** Calls the API as the library's documentation shows. Resolves to the status of the answer, and throws if there is no answer. */
export type Call = (path: string) => Promise<number>;

/** One way to keep a session in a browser. */
export interface Peer {
  /** Stores a session where the library stores it after a sign-in. */
  signIn(api: ApiAddress, tokens: TokenAnswer): void | Promise<void>;
  /** Opens the library on the stored session, as a page does after loading. */
  open(api: ApiAddress): Call | Promise<Call>;
}
