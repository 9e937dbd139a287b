import type { BonfireSettings } from './bonfire-settings.ts';
import type { ApiCall } from './call-log.ts';
import type { ApiFault } from './fault.ts';
import type { EndCode, SessionSummary } from './session.ts';

/** What has happened since the API was made; `clearCalls` changes none of it. */
export interface ApiCounts {
  /** Sessions begun. */
  readonly created: number;
  /** Refreshes granted. */
  readonly refreshes: number;
  /** Used-up refresh tokens that came again, outside the grace period (0 is right). */
  readonly reuses: number;
  /** Access tokens refused with error 450, not counting faults. */
  readonly rejections: number;
  /** The most refreshes of one session that were in flight at once (1 is right). */
  readonly maxConcurrentRefreshes: number;
  /** `/posts/stream` answers that are still open. */
  readonly openStreams: number;
}

/** A Bonfire API that runs where its caller runs, and what tests can do to it. */
export interface BonfireApi {
  /**
   * Answers a request as the API would. Takes what any `fetch` does, and needs no `this`.
   * An aborted request rejects with its signal's reason at once, while the server goes on with it.
   * A fault that breaks the connection rejects with a `TypeError` (see `isConnectionDrop`).
   */
  readonly fetch: typeof globalThis.fetch;
  /** The requests that arrived, the newest last; preflight requests are not among them. */
  readonly calls: readonly ApiCall[];
  /** Every session begun so far, the newest last. */
  readonly sessions: readonly SessionSummary[];
  readonly counts: ApiCounts;
  readonly settings: BonfireSettings;
  /** Forgets the calls. */
  clearCalls(): void;
  /**
   * Changes settings from now on; tokens already given out keep their expiry.
   *
   * @throws TypeError or RangeError that names the setting and what would be right; then nothing changes
   */
  configure(patch: Partial<BonfireSettings>): void;
  /** Revokes one access token: it answers 450, its session lives on. */
  revokeAccessToken(accessToken: string): void;
  /** Revokes the access tokens that are good now, of one bot or of all; says how many. */
  revokeAccessTokens(botId?: string): number;
  /**
   * Ends the sessions that live and match all that is given (every one for `{}`); says how many.
   * Their access tokens answer 450, their refresh tokens the reason.
   */
  endSession(target: { readonly refreshToken?: string; readonly botId?: string }, reason: EndCode): number;
  /**
   * Makes something go wrong; of several faults for one request the oldest befalls it.
   *
   * @returns a function that removes the fault and breaks the connections that hang by it
   * @throws TypeError or RangeError that names the field and what would be right
   */
  addFault(fault: ApiFault): () => void;
  /** Removes every fault and breaks the connections that hang. */
  clearFaults(): void;
}
