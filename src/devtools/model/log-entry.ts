import type { ClientEvent } from '../../core/model/client-event.ts';
import type { EndReason } from '../../core/model/refresh-outcome.ts';
import type { TokenLife } from './token-life.ts';

/** Who made a change: this tab, another tab, or an earlier page whose session was in storage. */
export type Source = 'thisTab' | 'otherTab' | 'storage';

/** A token set and its life, the same in all tabs. */
export interface LifeFacts extends TokenLife {
  readonly sessionId: string;
}

/** A change of a client's snapshot. A refresh that restores a session has no `sessionId`. */
export type SessionChange =
  | (LifeFacts & { readonly type: 'sessionStarted' | 'tokensRenewed'; readonly source: Source })
  | { readonly type: 'sessionEnded'; readonly source: Source; readonly sessionId: string | null; readonly reason: EndReason | null }
  | { readonly type: 'refreshStarted'; readonly sessionId: string | null }
  | { readonly type: 'refreshWaiting'; readonly sessionId: string | null; readonly retryAt: number; readonly detail: string }
  | { readonly type: 'refreshBlocked'; readonly sessionId: string | null; readonly detail: string }
  | { readonly type: 'storageChanged'; readonly storage: string };

/** A line of the log. It contains no token, so it can be copied into a bug report. */
export type LogEntry = (ClientEvent | (SessionChange & { readonly at: number })) & {
  /** Identifies the tab. */
  readonly tab: string;
  /** Counts the lines of its tab, from 1. */
  readonly line: number;
};

/** A line of one type. */
export type EntryOf<T extends LogEntry['type']> = Extract<LogEntry, { readonly type: T }>;
