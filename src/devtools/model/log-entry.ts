import type { ClientEvent } from '../../core/model/client-event.ts';
import type { EndReason } from '../../core/model/refresh-outcome.ts';

/** How a tab came to know of a change: it made it itself, another tab did, or it was found in storage at the start. */
export type Source = 'thisTab' | 'otherTab' | 'storage';

/** A token set and its life; the same in all tabs. */
export interface LifeFacts {
  readonly sessionId: string;
  /** Epoch ms by the device's clock. */
  readonly receivedAt: number;
  /** How long the access token lives from then, ms; `null` when that is unknown. */
  readonly lifetimeMs: number | null;
  /** How long ahead of expiry it is to be refreshed, ms. */
  readonly leadMs: number;
}

/** What changed on the snapshot of a client, in the past tense. */
export type SessionChange =
  | (LifeFacts & { readonly type: 'sessionStarted' | 'tokensRenewed'; readonly source: Source })
  | { readonly type: 'sessionEnded'; readonly source: Source; readonly sessionId: string | null; readonly reason: EndReason | null }
  | { readonly type: 'refreshStarted'; readonly sessionId: string }
  | { readonly type: 'refreshWaiting'; readonly sessionId: string; readonly retryAt: number; readonly detail: string }
  | { readonly type: 'refreshBlocked'; readonly sessionId: string; readonly detail: string }
  | { readonly type: 'storageChanged'; readonly storage: string };

/** A line of the log; it holds no token, and can be copied into a bug report. */
export type LogEntry = (ClientEvent | (SessionChange & { readonly at: number })) & {
  /** Names the tab. */
  readonly tab: string;
  /** Counts the lines of its tab, from 1. */
  readonly line: number;
};

/** One kind of line. */
export type EntryOf<T extends LogEntry['type']> = Extract<LogEntry, { readonly type: T }>;
