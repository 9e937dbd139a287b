import type { AuthSnapshot } from 'unexpired/core';
import type { Exchange } from '../support/world.ts';
import type { Call, History, Refresh, TabClient } from './history.ts';
import type { JarRequest } from './jar-history.ts';

/** A guarantee of the package, and its checks. Each check returns what is wrong, or `null`. */
export interface Invariant {
  readonly number: number;
  readonly name: string;
  /** Checks a refresh request when it is sent. */
  readonly onRefresh?: (history: History, refresh: Refresh) => string | null;
  /** Checks a request that sends or sets the cookie of the refresh token, when it is sent. */
  readonly onJarRequest?: (history: History, request: JarRequest) => string | null;
  /** Checks an answer to it, before the browser stores its cookies. */
  readonly onJarAnswer?: (history: History, request: JarRequest) => string | null;
  /** Checks a request of a call when it is sent. */
  readonly onSend?: (history: History, call: Call, exchange: Exchange) => string | null;
  /** Checks a call that the client has rejected. */
  readonly onRejection?: (history: History, call: Call) => string | null;
  /** Checks a tab whose snapshot has changed. */
  readonly onSnapshot?: (history: History, client: TabClient, before: AuthSnapshot, after: AuthSnapshot) => string | null;
  /** Checks the whole world after each timer. */
  readonly onStep?: (history: History) => string | null;
  /** Checks a text that leaves the client: a message, a warning, an error. */
  readonly onText?: (history: History, text: string) => string | null;
}
