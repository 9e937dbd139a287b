import type { Exchange } from '../../support/world.ts';
import type { Call, History, Refresh } from './history.ts';
import type { DataCentre } from './data-centre.ts';

/** A guarantee of the package on several instances, and its checks. Each check returns what is wrong, or `null`. */
export interface InstanceInvariant {
  readonly number: number;
  readonly name: string;
  /** Checks a refresh request when it is sent. */
  readonly onRefresh?: (history: History, refresh: Refresh) => string | null;
  /** Checks a request of a call when it is sent. */
  readonly onSend?: (history: History, call: Call, exchange: Exchange) => string | null;
  /** Checks an access token that leaves the session for a request. */
  readonly onToken?: (history: History, token: string) => string | null;
  /** Checks a call that has settled. */
  readonly onOutcome?: (history: History, call: Call) => string | null;
  /** Checks the row of a key after each change. */
  readonly onRow?: (history: History, key: string, text: string | null) => string | null;
  /** Checks the whole world after each timer. */
  readonly onStep?: (history: History, centre: DataCentre) => string | null;
  /** Checks a text that leaves an instance: a row, a warning, an error. */
  readonly onText?: (history: History, text: string) => string | null;
}
