import type { Lease, NextRow, NewRow, SessionEntry, SessionRow, Write } from 'unexpired/server';

interface Kept {
  readonly text: string;
  readonly etag: string;
  readonly lease: { readonly owner: string; readonly until: number } | null;
  readonly subject: string | null;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly idleUntil: number;
  readonly endsAt: number;
}

/** A change of one row. */
export interface RowChange {
  readonly kind: 'insert' | 'replace' | 'remove' | 'extend';
  readonly key: string;
  readonly before: Kept | null;
  readonly after: Kept | null;
}

/** The rows of a store. Each operation is one step. */
export interface Rows {
  readonly insert: (key: string, row: NewRow) => void;
  readonly read: (key: string, idleMs: number) => SessionRow | null;
  readonly replace: (key: string, ifMatch: string, next: NextRow) => Write;
  readonly remove: (key: string, ifMatch: string) => Write;
  readonly extend: (key: string, owner: string, leaseMs: number) => boolean;
  readonly list: (subject: string) => readonly SessionEntry[];
  /** Returns the text of a row, or `null`. */
  readonly textOf: (key: string) => string | null;
  readonly evict: (key: string) => void;
  /** Undoes a change, as a replica that lacks it does. */
  readonly undo: (change: RowChange) => void;
}

/** Creates the rows by the contract of `SessionStore`. `now` is the store's clock, which may jump. */
export function createRows(now: () => number, onChange: (change: RowChange) => void): Rows {
  const rows = new Map<string, Kept>();

  function live(key: string): Kept | null {
    const row = rows.get(key);
    return row && now() < Math.min(row.idleUntil, row.endsAt) ? row : null;
  }

  function put(kind: RowChange['kind'], key: string, after: Kept | null): void {
    const before = rows.get(key) ?? null;
    if (after) rows.set(key, after);
    else rows.delete(key);
    onChange({ kind, key, before, after });
  }

  function leaseOf({ lease }: Kept): Lease | null {
    const leftMs = lease ? lease.until - now() : 0;
    return lease && leftMs > 0 ? { owner: lease.owner, leftMs } : null;
  }

  const seen = (row: Kept | null): SessionRow | null => row && { text: row.text, etag: row.etag, lease: leaseOf(row), at: now() };

  function change(kind: RowChange['kind'], key: string, ifMatch: string, next: (row: Kept) => Kept | null): Write {
    const row = live(key);
    if (row?.etag !== ifMatch) return { isDone: false, row: seen(row) };
    put(kind, key, next(row));
    return { isDone: true };
  }

  return {
    insert(key, { text, etag, subject, idleMs, absoluteMs }) {
      if (live(key)) throw new Error('There is a row with this key.');
      const at = now();
      put('insert', key, { text, etag, lease: null, subject, createdAt: at, usedAt: at, idleUntil: at + idleMs, endsAt: at + absoluteMs });
    },
    read(key, idleMs) {
      const row = live(key);
      if (row) rows.set(key, { ...row, usedAt: now(), idleUntil: now() + idleMs });
      return seen(row);
    },
    replace: (key, ifMatch, { text, etag, lease, isEnded }) =>
      change('replace', key, ifMatch, (row) => ({ ...row, text, etag, lease: lease && { owner: lease.owner, until: now() + lease.leftMs }, subject: isEnded ? null : row.subject })),
    remove: (key, ifMatch) => change('remove', key, ifMatch, () => null),
    extend(key, owner, leaseMs) {
      const row = live(key);
      if (!row || leaseOf(row)?.owner !== owner) return false;
      put('extend', key, { ...row, lease: leaseMs > 0 ? { owner, until: now() + leaseMs } : null });
      return true;
    },
    list: (subject) => [...rows].filter(([key, row]) => row.subject === subject && live(key)).map(([key, { createdAt, usedAt }]) => ({ key, createdAt, usedAt })),
    textOf: (key) => rows.get(key)?.text ?? null,
    evict: (key) => void rows.delete(key),
    undo({ key, before }) {
      if (before) rows.set(key, before);
      else rows.delete(key);
    },
  };
}
