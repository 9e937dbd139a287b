import type { EndReason, RefreshOutcome } from './refresh-outcome.ts';

/**
 * An event of a client that its snapshot does not show, in the past tense.
 *
 * No event contains a token. A session is named by its id, its token sets by `generation`, and an address has no query.
 */
export type ClientEvent = ClientMoment & {
  /** Epoch ms by the device's clock. */
  readonly at: number;
};

/** A {@link ClientEvent} without its time. */
export type ClientMoment =
  | { readonly type: 'signInStarted' }
  | { readonly type: 'signOutStarted' }
  /** This tab may refresh. Until `lockReleased` the other tabs wait for its tokens. */
  | { readonly type: 'lockTaken' | 'lockReleased'; readonly sessionId: string }
  /** The refresh token was sent to the API. */
  | { readonly type: 'refreshSent'; readonly sessionId: string; readonly generation: number; readonly attemptId: string | null }
  /** The API answered, or the deadline for its answer passed. */
  | {
      readonly type: 'refreshAnswered';
      readonly sessionId: string;
      readonly generation: number;
      readonly attemptId: string | null;
      readonly outcome: RefreshOutcome['kind'];
    }
  /** The API refused the refresh token for good. `leftMs` is how long the access token still lives, ms; `null` if that is not known. */
  | {
      readonly type: 'refreshRefused';
      readonly sessionId: string;
      readonly generation: number;
      readonly endReason: EndReason;
      readonly leftMs: number | null;
    }
  /** The user was active in this tab, and all tabs know it now; at most every 5 s. `endsAt` is when the session ends without more, epoch ms by the device's clock. */
  | { readonly type: 'activityNoted'; readonly sessionId: string; readonly endsAt: number }
  /** This tab changed the record that all tabs share. `stored` is false if only its memory has the change. */
  | { readonly type: 'recordWritten'; readonly revision: number; readonly stored: boolean }
  /** Storage has a record that this tab cannot read. A newer version of this package wrote it, or it is damaged or encrypted. */
  | { readonly type: 'recordUnreadable'; readonly reason: 'newer_version' | 'storage_corrupt' }
  /** A call of the client's `fetch` started. `call` counts calls from 1. */
  | { readonly type: 'callStarted'; readonly call: number; readonly method: string; readonly address: string }
  /** A request of the call was sent. `send` is 2 for the replay. */
  | { readonly type: 'callSent'; readonly call: number; readonly send: number }
  | { readonly type: 'callAnswered'; readonly call: number; readonly send: number; readonly status: number }
  /** The caller got its response. */
  | { readonly type: 'callSettled'; readonly call: number; readonly status: number }
  /** The caller got an error: the `code` of an `AuthError`, or the name of any other. */
  | { readonly type: 'callFailed'; readonly call: number; readonly error: string };
