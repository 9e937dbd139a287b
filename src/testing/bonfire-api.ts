import type { BonfireSettings, BonfireSettingsPatch } from './bonfire-settings.ts';
import type { ApiCall } from './call-log.ts';
import type { ApiFault } from './fault.ts';
import type { EndCode, SessionSummary } from './session.ts';

/** Counts of what has happened since the API was created. `clearCalls` does not reset them. */
export interface ApiCounts {
  /** How many sessions were started. */
  readonly created: number;
  /** How many refreshes were granted. */
  readonly refreshes: number;
  /** How often a rotated refresh token was sent again after its grace period; 0 is right. */
  readonly reuses: number;
  /** How many requests were rejected with error 450; faults do not count. */
  readonly rejections: number;
  /** The highest number of refreshes of one session that were in flight at the same time; 1 is right. */
  readonly maxConcurrentRefreshes: number;
  /** How many answers of `/posts/stream` are still open. */
  readonly openStreams: number;
}

/**
 * A Bonfire API inside the caller's own process, with controls for tests.
 *
 * `calls`, `sessions`, `counts` and `settings` are getters, so a copy by spread keeps their values of that moment.
 */
export interface BonfireApi {
  /**
   * Answers a request as the API would. It takes the arguments of any `fetch` and needs no `this`.
   *
   * @throws the signal's reason if the request is aborted, while the server still processes it; a `TypeError` if a fault
   * breaks the connection, see `isConnectionDrop`
   */
  readonly fetch: typeof globalThis.fetch;
  /** The requests that have arrived, the newest last, without preflight requests. */
  readonly calls: readonly ApiCall[];
  /** Every session that was started, the newest last. */
  readonly sessions: readonly SessionSummary[];
  readonly counts: ApiCounts;
  /** The settings that apply now. */
  readonly settings: BonfireSettings;
  /** Empties `calls`. */
  clearCalls(): void;
  /**
   * Changes settings from now on. Tokens that were issued before keep their expiry.
   *
   * @param patch the settings to change
   * @throws TypeError or RangeError that names the setting, its rule and its value; then no setting is changed
   */
  configure(patch: BonfireSettingsPatch): void;
  /** Revokes one access token. The API then answers it with error 450, and its session goes on. */
  revokeAccessToken(accessToken: string): void;
  /** Revokes the access tokens that are valid now, of one bot or of all bots, and returns how many. */
  revokeAccessTokens(botId?: string): number;
  /**
   * Ends the active sessions that match every member of the target, and returns how many.
   *
   * @param target `{}` matches every session
   * @param reason the error code that their refresh tokens get from now on; their access tokens get 450
   * @throws TypeError that names `reason` and the codes that it can be
   */
  endSession(target: { readonly refreshToken?: string; readonly botId?: string }, reason: EndCode): number;
  /**
   * Adds a fault. If several faults match a request, the oldest one applies.
   *
   * @param fault the endpoint, the kind of fault, and for how many requests it lasts
   * @returns a function that removes the fault and breaks the connections that it holds open
   * @throws TypeError or RangeError that names the field, its rule and its value
   */
  addFault(fault: ApiFault): () => void;
  /** Removes every fault and breaks the connections that faults hold open. */
  clearFaults(): void;
}
