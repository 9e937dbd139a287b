import type { Endpoint } from './endpoint.ts';

/** One request as the server received it. `status` changes once, when the request is answered. */
export interface ApiCall {
  readonly endpoint: Endpoint;
  readonly method: string;
  /** The path with the base path and the query. */
  readonly path: string;
  /** When it arrived, epoch ms by the server's clock. */
  readonly at: number;
  /** The HTTP status; `pending` before the answer, `hanging` or `dropped` because of a fault. */
  readonly status: number | 'pending' | 'hanging' | 'dropped';
  /** The error code of the answer, if it has one. */
  readonly errorCode?: number;
  /** The bearer's token, unless it is the App Key. */
  readonly accessToken?: string;
  /** Whether the bearer is the App Key. */
  readonly applicationOnly: boolean;
  /** The bot of the access token; at `refresh` the bot of the refresh token. */
  readonly botId?: string;
  /** How long ago the token had expired when the request arrived, ms; absent if it had not. */
  readonly expiredByMs?: number;
  /** At `refresh`: the refresh token, from the body or the cookie. */
  readonly refreshToken?: string;
  /** At `refresh`: how many other refreshes of this session were in flight when it arrived; 0 is right. */
  readonly inFlightAtStart?: number;
  /** The names of the cookies that it carried, if there were any. */
  readonly cookies?: readonly string[];
  /** The body as text, if there is one. */
  readonly body?: string;
}

/** An {@link ApiCall} that the server can still change. */
export type OpenCall = { -readonly [K in keyof ApiCall]: ApiCall[K] };

/** The requests that have arrived, the newest last. */
export class CallLog {
  #calls: OpenCall[] = [];

  /** A copy of the list; the entries in it still change when they are answered. */
  get calls(): readonly ApiCall[] {
    return [...this.#calls];
  }

  /** Adds a call. */
  add(call: OpenCall): void {
    this.#calls.push(call);
  }

  /** Removes all calls. */
  clear(): void {
    this.#calls = [];
  }
}
