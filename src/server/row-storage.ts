import { unavailable, type AuthError } from '../core/model/auth-error.ts';
import { decodeRecord, encodeRecord, EMPTY_RECORD, type StorageRecord } from '../core/model/storage-record.ts';
import type { Release } from '../core/platform/platform.ts';
import { DeadlineExceeded, withDeadline } from '../core/platform/deadline.ts';
import { problemOf } from '../core/model/foreign-error.ts';
import type { AuthStorage } from '../core/storage/storage.ts';
import { addEntry, removeEntry, sidOf } from './provider-session.ts';
import type { SecretRing } from './secrets.ts';
import type { StoreClock } from './store-clock.ts';
import type { Lease, SessionRow, SessionStore, Write } from './store.ts';

/**
 * How long an attempt's lease lasts without being extended, ms. An attempt that took 5 s to note is not sent, so the lease is longer. A
 * request waits 10 s, so it is shorter than that.
 */
export const LEASE_MS = 7000;

/** A row that was read within this time need not be read again, because each write compares the etag, ms. */
const FRESH_MS = 1000;

/**
 * How long a lease lasts that another instance gives back to its owner after the store has failed, ms. The owner tries to store
 * its answer every 2 s.
 */
const REVIVED_MS = 3000;

/** How long after a failure of the store an owner may still have an answer that it could not store, ms. */
const DOUBT_MS = 60_000;

/** How long a request waits for the store, ms. */
export const STORE_DEADLINE_MS = 5000;

/** How long an extension of a lease may take, ms. The next one follows it. */
const EXTENSION_DEADLINE_MS = 2000;

/** The services that the rows of all sessions share. */
export interface RowContext {
  readonly store: SessionStore;
  readonly ring: SecretRing;
  readonly clock: StoreClock;
  readonly idleMs: number;
  readonly absoluteMs: number;
  /** When the store last failed, by the monotonic clock, ms. */
  readonly lastFailure: { at: number };
}

/** The storage of one session: its row, as the engine's record. */
export interface RowStorage extends AuthStorage {
  /** Reads the row from the store. Resolves to false if there is none. */
  readonly load: () => Promise<boolean>;
  /** Reads the row as `load` does, and does not let it live longer. */
  readonly look: () => Promise<boolean>;
  /** Whether a lease of this attempt lasts, as far as the last read shows. */
  readonly isLeased: (attemptId: string) => boolean;
  /** Extends the lease of an attempt, or of one that follows it in the same turn; 0 gives it back. Does nothing if the row does not show it. */
  readonly extend: (attemptId: string, leaseMs: number) => Promise<void>;
  /**
   * Ends the lease of a former attempt, unless the store has failed meanwhile. Its owner may then have an answer that it could not
   * store, so it gets its lease once more. Resolves to false if that lease lasts, or if the store takes no writes.
   */
  readonly takeOver: (attemptId: string) => Promise<boolean>;
  /** Calls back when the row may have changed. Reads the row again afterwards. */
  readonly watch: (onChange: () => void) => Release;
  /** Makes the next read ask the store. */
  readonly expire: () => void;
}

/** The row as the last read or write showed it. */
interface Seen {
  readonly etag: string;
  /** The record's text. `undefined` stands for a session that has no row yet. */
  readonly text: string | undefined;
  readonly lease: Lease | null;
  /** Whether the row is gone, so the session is over and nothing is written any more. */
  readonly isGone: boolean;
  /** By the monotonic clock, ms. */
  readonly seenAt: number;
}

/** Creates the storage of one row. `isNew` is true for a sign-in, whose row does not exist yet. */
export function createRowStorage({ store, ring, clock, idleMs, absoluteMs, lastFailure }: RowContext, key: string, isNew: boolean): RowStorage {
  const { platform } = clock;
  const now = () => platform.now().monotonic;
  let seen: Seen | null = isNew ? { etag: '', text: undefined, lease: null, isGone: false, seenAt: Infinity } : null;
  let isFresh = true;
  let revivedAt = -Infinity;

  /** Runs an operation of the store. The engine has a deadline of its own for reads and writes. */
  async function asked<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw failed(problemOf(error));
    }
  }

  function failed(problem: string): AuthError {
    lastFailure.at = now();
    return unavailable(`The session store (${store.name}) failed: ${problem}`, platform.now().wall + FRESH_MS, 'storage_unavailable');
  }

  function late(error: unknown): never {
    throw error instanceof DeadlineExceeded ? failed(`no answer within ${STORE_DEADLINE_MS / 1000} s.`) : error;
  }

  async function accept(row: SessionRow | null): Promise<Seen> {
    if (!row) return (seen = { etag: '', text: encodeRecord(ended(seen?.text)), lease: null, isGone: true, seenAt: now() });
    const { etag, lease } = row;
    const text = seen?.etag === etag ? seen.text : (await ring.open(row.text, key)) ?? '';
    return (seen = { etag, text, lease, isGone: false, seenAt: now() });
  }

  async function read(): Promise<Seen> {
    isFresh = true;
    const askedAt = now();
    const row = await asked(() => store.read(key, idleMs));
    if (row) clock.follow(row.at, now() - askedAt);
    return accept(row);
  }

  /** A write that finds another etag returns the row, and leaves it and its life as they are. No row has an empty etag. */
  async function look(): Promise<Seen> {
    isFresh = true;
    const found = await asked(() => store.replace(key, '', { text: '', etag: '', lease: null, isEnded: false }));
    return accept(found.isDone ? null : found.row);
  }

  async function current(): Promise<Seen> {
    return seen && isFresh && now() - seen.seenAt < FRESH_MS ? seen : read();
  }

  /** The row may be there in spite of the error, so the next write reads it first. */
  function readNext(error: unknown): never {
    seen = null;
    throw error;
  }

  /** Writes the next record. A row that was removed is not there, so the change runs once more on that. */
  async function put(from: Seen, text: string): Promise<Write> {
    const record = recordOf(text);
    if (from.text !== undefined && isOver(record, recordOf(from.text))) {
      const removed = await asked(() => store.remove(key, from.etag));
      if (removed.isDone && sidIn(from.text) !== null) await removeEntry(store, key);
      return removed.isDone ? { isDone: false, row: null } : removed;
    }
    const lease = leaseOf(record, from);
    const etag = platform.randomId();
    const sealed = await ring.seal(text, key);
    const sid = from.text === undefined ? sidIn(text) : null;
    if (sid !== null) await asked(() => addEntry(store, key, sid, absoluteMs));
    if (from.text === undefined) await asked(() => store.insert(key, { text: sealed, etag, subject: record?.session?.subject ?? null, idleMs, absoluteMs })).catch(readNext);
    const next = { text: sealed, etag, lease, isEnded: record?.status !== 'signedIn' };
    const write: Write = from.text === undefined ? { isDone: true } : await asked(() => store.replace(key, from.etag, next));
    if (write.isDone) seen = { etag, text, lease, isGone: false, seenAt: now() };
    return write;
  }

  /** The attempt that the record notes holds the lease. Another attempt keeps the one that it has. */
  function leaseOf(record: StorageRecord | null, from: Seen): Lease | null {
    const owner = record?.status === 'signedIn' ? record.pendingAttemptId : null;
    if (!owner) return null;
    return recordOf(from.text)?.pendingAttemptId === owner ? left(from) : { owner, leftMs: LEASE_MS };
  }

  function left({ lease, seenAt }: Seen): Lease | null {
    const leftMs = lease ? lease.leftMs - (now() - seenAt) : 0;
    return lease && leftMs > 0 ? { ...lease, leftMs } : null;
  }

  function owner(): string | null {
    return (seen && left(seen)?.owner) ?? null;
  }

  return {
    name: store.name,
    read: async () => (await current()).text,
    async update(_key, change) {
      for (let from = await current(); ; ) {
        const text = change(from.text) as string | undefined;
        if (text === from.text || text === undefined || from.isGone) return;
        const write = await put(from, text);
        if (write.isDone) return;
        from = await accept(write.row);
      }
    },
    // A client of a store may queue a command while it is not connected.
    load: async () => !(await withDeadline(platform, STORE_DEADLINE_MS, read).catch(late)).isGone,
    look: async () => !(await withDeadline(platform, STORE_DEADLINE_MS, look).catch(late)).isGone,
    isLeased: (attemptId) => owner() === attemptId,
    async extend(attemptId, leaseMs) {
      const own = owner();
      if (!own?.startsWith(attemptId)) return;
      if (!(await asked(() => withDeadline(platform, EXTENSION_DEADLINE_MS, () => store.extend(key, own, leaseMs))))) return;
      if (seen?.lease?.owner === own) seen = { ...seen, lease: leaseMs > 0 ? { owner: own, leftMs: leaseMs } : null, seenAt: now() };
    },
    async takeOver(attemptId) {
      if (!seen?.text || seen.isGone) return true;
      // A request has read the row since, and another attempt is noted. The engine reads it next.
      if (recordOf(seen.text)?.pendingAttemptId !== attemptId) return false;
      const isDoubtful = lastFailure.at > revivedAt && now() - lastFailure.at < DOUBT_MS;
      const ifMatch = seen.etag;
      const next = { ...seen, etag: platform.randomId(), lease: isDoubtful ? { owner: attemptId, leftMs: REVIVED_MS } : null };
      const sealed = await ring.seal(seen.text, key);
      const replaced = () => asked(() => store.replace(key, ifMatch, { ...next, text: sealed, isEnded: false }));
      const write = await withDeadline(platform, STORE_DEADLINE_MS, replaced).catch(() => null);
      if (!write) return false;
      if (isDoubtful) revivedAt = now();
      if (write.isDone) seen = { ...next, seenAt: now() };
      else await accept(write.row);
      return write.isDone && !isDoubtful;
    },
    watch: (onChange) => store.watch?.(key, onChange) ?? (() => undefined),
    expire: () => void (isFresh = false),
  };
}

function sidIn(text: string | undefined): string | null {
  const tokens = recordOf(text)?.session?.tokens;
  return tokens ? sidOf(tokens) : null;
}

function recordOf(text: string | undefined): StorageRecord | null {
  const decoded = decodeRecord(text);
  return decoded.kind === 'record' ? decoded.record : null;
}

/** Whether nothing of a session remains: its user has signed out, or a refresh has brought the tokens of another user, who has no cookie here. */
function isOver(record: StorageRecord | null, former: StorageRecord | null): boolean {
  const isReplaced = record?.session !== undefined && former?.session !== undefined && record.session.sessionId !== former.session.sessionId;
  return record?.endReason === 'sign_out' || isReplaced;
}

/** The record of a session whose row is gone. It ends the session that an instance still has in memory, and no late answer brings it back. */
function ended(text: string | undefined): StorageRecord {
  const { storageId = '-', epoch = 0, revision = 0, session, endedSessionId = null, endReason = null } = recordOf(text) ?? {};
  return { ...EMPTY_RECORD, storageId, epoch: epoch + 1, revision: revision + 1, endedSessionId: session?.sessionId ?? endedSessionId, endReason: session ? 'sign_out' : endReason };
}
