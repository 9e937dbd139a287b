import type { Endpoint } from './endpoint.ts';

/** One request as the server saw it; `status` changes once, when it is answered. */
export interface ApiCall {
  readonly endpoint: Endpoint;
  readonly method: string;
  /** Path and query, base path included. */
  readonly path: string;
  /** When it arrived by the server's clock, epoch ms. */
  readonly at: number;
  /** HTTP status; `pending` until answered, `hanging` or `dropped` by a fault. */
  readonly status: number | 'pending' | 'hanging' | 'dropped';
  /** The error code of the answer. */
  readonly errorCode?: number;
  /** The bearer as it came, unless it is the App Key. */
  readonly accessToken?: string;
  /** Whether the bearer is the App Key. */
  readonly applicationOnly: boolean;
  /** The bot of the access token, or of the refresh token at `refresh`. */
  readonly botId?: string;
  /** For how long the bearer had been expired when the request arrived, ms; absent when it had not. */
  readonly expiredByMs?: number;
  /** The refresh token at `refresh`. */
  readonly refreshToken?: string;
  /** At `refresh`: how many other refreshes of this session were in flight when it arrived (0 is right). */
  readonly inFlightAtStart?: number;
  /** The body as text, when there is one. */
  readonly body?: string;
}

/** An {@link ApiCall} while the server still writes it. */
export type OpenCall = { -readonly [K in keyof ApiCall]: ApiCall[K] };

/** The requests that arrived, the newest last. */
export class CallLog {
  #calls: OpenCall[] = [];

  /** The calls so far; the list stands still, its entries are still answered. */
  get calls(): readonly ApiCall[] {
    return [...this.#calls];
  }

  /** Adds a call. */
  add(call: OpenCall): void {
    this.#calls.push(call);
  }

  /** Forgets the calls. */
  clear(): void {
    this.#calls = [];
  }
}
