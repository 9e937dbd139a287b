import type { NewRow, NextRow } from 'unexpired/server/testing';

/** Creates the row of a new session that lives for a minute. */
export function firstRow(changes: Partial<NewRow> = {}): NewRow {
  return { text: 'first', etag: 'etag-1', subject: null, idleMs: 60_000, absoluteMs: 60_000, ...changes };
}

/** Creates the next version of a row, without a lease. */
export function secondRow(changes: Partial<NextRow> = {}): NextRow {
  return { text: 'second', etag: 'etag-1', lease: null, isEnded: false, ...changes };
}
