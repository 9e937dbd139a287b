import type { RefreshOutcome } from './refresh-outcome.ts';

/**
 * What passes in a client and leaves no mark on its snapshot, in the past tense.
 *
 * No event holds a token: a session is told by its id, its token sets by `generation`, and an address without its query.
 */
export type ClientEvent = ClientMoment & {
  /** Epoch ms by the device's clock. */
  readonly at: number;
};

/** What happened, without the time. */
export type ClientMoment =
  | { readonly type: 'signInAsked' }
  | { readonly type: 'signOutAsked' }
  /** It is this tab's turn to refresh; from `lockTaken` to `lockReleased` all others wait, or adopt what it gets. */
  | { readonly type: 'lockTaken' | 'lockReleased'; readonly sessionId: string }
  /** The refresh token is on its way to the API. */
  | { readonly type: 'refreshSent'; readonly sessionId: string; readonly generation: number; readonly attemptId: string | null }
  /** The API has answered, or cannot be waited for any more. */
  | {
      readonly type: 'refreshAnswered';
      readonly sessionId: string;
      readonly generation: number;
      readonly attemptId: string | null;
      readonly outcome: RefreshOutcome['kind'];
    }
  /** This tab has changed the record that all tabs share; `stored` is false where its memory alone has it. */
  | { readonly type: 'recordWritten'; readonly revision: number; readonly stored: boolean }
  /** A call through the client's `fetch`; `call` counts them from 1. */
  | { readonly type: 'callStarted'; readonly call: number; readonly method: string; readonly address: string }
  /** The call is on its way; `attempt` is 2 for the replay. */
  | { readonly type: 'callSent'; readonly call: number; readonly attempt: number }
  | { readonly type: 'callAnswered'; readonly call: number; readonly attempt: number; readonly status: number }
  /** The caller has its response. */
  | { readonly type: 'callSettled'; readonly call: number; readonly status: number }
  /** The caller has an error: its `code` where it is an `AuthError`, else its name. */
  | { readonly type: 'callFailed'; readonly call: number; readonly error: string };
