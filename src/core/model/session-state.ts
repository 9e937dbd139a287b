import type { Instant } from './instant.ts';
import type { ForeignRecord, Session, SharedFailure, SignedInRecord, SignedOutRecord, StorageRecord } from './storage-record.ts';
import type { Anchor } from './token-life.ts';

/** The refresh axis of a session. */
export type RefreshState =
  | { readonly state: 'idle' }
  | { readonly state: 'running' }
  /** After a transient failure, until the wait is over. */
  | { readonly state: 'waiting'; readonly failure: SharedFailure; readonly wait: Anchor }
  /** The API refuses this tab's app. Only `refresh()` tries again. */
  | { readonly state: 'blocked'; readonly failure: SharedFailure }
  /** Storage has a record that this tab cannot read, so other code may have used the refresh token. Only a newer record ends this. */
  | { readonly state: 'blocked'; readonly failure: null };

/** The state of a tab: the status axis and, when signed in, the refresh axis. */
export type SessionState =
  | { readonly status: 'loading' }
  | { readonly status: 'signedOut'; readonly record: SignedOutRecord }
  | SignedInState;

/** The state of a signed-in tab. */
export interface SignedInState {
  readonly status: 'signedIn';
  readonly record: SignedInRecord;
  /** The access token's life by this tab's clocks. */
  readonly life: Anchor;
  readonly refresh: RefreshState;
  /** What this tab showed before the session was presumed, if no user was signed in. It shows that until the API has answered. */
  readonly shown?: SignedOutRecord | undefined;
}

/** Something that happened, in the past tense. */
export type SessionEvent =
  | {
      readonly type: 'recordRead';
      /** The content of storage, written by any tab; `null` if it is empty. */
      readonly record: StorageRecord | null;
      readonly at: Instant;
    }
  | { readonly type: 'recordDamaged' }
  | { readonly type: 'foreignRecordRead'; readonly found: ForeignRecord }
  | { readonly type: 'refreshStarted'; readonly sessionId: string }
  | { readonly type: 'refreshAbandoned'; readonly sessionId: string }
  /** The API refused this tab's app, in answer to a refresh of that generation. */
  | { readonly type: 'appRefused'; readonly of: Pick<Session, 'sessionId' | 'generation'>; readonly failure: SharedFailure }
  /** The app called `refresh()`. */
  | { readonly type: 'refreshRequested'; readonly at: Instant }
  | { readonly type: 'wentOnline' }
  /** The access token counts as expired from now on. */
  | { readonly type: 'lifeEnded' };
