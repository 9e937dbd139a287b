import type { Answer } from './answer.ts';
import type { Instant } from './instant.ts';
import type { SessionState } from './session-state.ts';
import type { TokenSet } from './token-set.ts';

/** Sends requests as `fetch` does. */
export interface Sender {
  readonly fetch: (input: Request | string | URL, init?: RequestInit) => Promise<Response>;
}

/** The parts of a platform that proofs need. */
export interface ProofPlatform extends Sender {
  readonly now: () => Instant;
  readonly setTimer: (callback: () => void, delayMs: number, isBackground?: boolean) => () => void;
  readonly randomId: () => string;
  readonly warn: (text: string) => void;
}

/** The client whose sessions have the keys. */
export interface ProofClient {
  readonly platform: ProofPlatform;
  /** Names the session's record. */
  readonly key: string;
  /** Aborts when the client is disposed. */
  readonly disposed: AbortSignal;
}

/** The session of a client, as its keys follow it. */
export interface ProofSession {
  readonly getState: () => SessionState;
  readonly subscribe: (listener: () => void) => unknown;
}

/**
 * Proves with each request that its sender has the key that the tokens are bound to. `dpop` of `unexpired/dpop` makes it.
 *
 * The tokens of a session name the key in their `extra`, so a copy of the tokens is of no use without the key.
 */
export interface Proofs {
  /**
   * Returns what sends the requests of a session. A request for another proof (a nonce) is answered there, by one more request.
   *
   * @param tokens the tokens of the session; `null` for a grant, which gets a new key
   * @param clockOffset API clock minus device clock, ms. Without it, a request that could be sent without a key gets no new one
   * @internal
   */
  readonly on: (platform: ProofPlatform, tokens: Pick<TokenSet, 'accessToken' | 'extra'> | null, clockOffset?: number) => Sender;
  /**
   * Returns a reader of the answers to token requests, whose tokens name their key.
   *
   * @internal
   */
  readonly reader: <T>(read: (answer: Answer) => T) => (answer: Answer) => T;
  /**
   * Removes the key of each session that is over, until the client is disposed.
   *
   * @internal
   */
  readonly follow: (client: ProofClient, session: ProofSession) => void;
  /**
   * Makes a key for a sign-in that is about to begin. Resolves to its name, the thumbprint of RFC 7638.
   *
   * @internal
   */
  readonly newKey: (platform: ProofPlatform) => Promise<string>;
  /**
   * The same for a server, which keeps the key with the tokens.
   *
   * @internal
   */
  readonly onServer: Proofs;
}
