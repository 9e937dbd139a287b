import { AuthError } from '../model/auth-error.ts';
import { isMistake, problemOf } from '../model/foreign-error.ts';
import type { RecordChange } from '../model/record-change.ts';
import { withoutAccessToken, withOwnToken } from '../model/own-token.ts';
import { mergedRecord, recordAt } from '../model/record-order.ts';
import { decodeRecord, encodeRecord, type Decoded, type ForeignRecord, type StorageRecord } from '../model/storage-record.ts';
import { DeadlineExceeded, withDeadline } from '../platform/deadline.ts';
import type { Platform } from '../platform/platform.ts';
import type { ClientContext } from './client-context.ts';
import type { AuthStorage } from '../storage/storage.ts';

/** A storage that does not answer within this time counts as failed. */
const STORAGE_DEADLINE_MS = 5000;

/** The deadline while an earlier answer is overdue. */
const SILENT_STORAGE_DEADLINE_MS = 250;

const NEWER = 'a newer version of the package wrote the record, so it is left unchanged until the next sign-in or sign-out';

/** The result of a read. A storage that fails is not an empty one. */
export type Reading = Decoded | { readonly kind: 'unreadable' };

/** The result of a write. */
export interface Written {
  /** The record that holds now, stored or not. */
  readonly record: StorageRecord;
  /** False if only this tab's memory has the record. */
  readonly stored: boolean;
  /** The stored record that this tab cannot read. Then the change applies nowhere. */
  readonly foreign: ForeignRecord | null;
  /** Whether storage has ever answered, so that it may contain tokens. */
  readonly reached: boolean;
}

/** The session's record in storage. Operations run one after the other. */
export interface RecordStore {
  readonly read: () => Promise<Reading>;
  /**
   * Applies a change to the newer of the stored record and this tab's record, in one atomic step.
   *
   * If storage fails, the change holds in this tab only, and the next write tries to store it again.
   *
   * @param isByUser whether the change may replace a record that this tab cannot read
   */
  readonly write: (change: RecordChange, isByUser: boolean) => Promise<Written>;
  /** Whether storage cannot have a session, so that no other tab has it. */
  readonly isPrivate: (sessionId: string) => boolean;
}

/** The parts of the client that a record store needs. */
export interface RecordStoreContext {
  readonly platform: Platform;
  readonly storage: AuthStorage;
  readonly key: string;
  /** Where access tokens are kept. */
  readonly accessToken: ClientContext['accessToken'];
  /** Returns this tab's record. */
  readonly known: () => StorageRecord;
  /** Called when storage stops working (`false`, with the problem), and when it works again (`true`). */
  readonly onWorking: (working: boolean, problem: string) => void;
}

/** Opens the record of one session key. */
export function createRecordStore({ platform, storage, key, accessToken, known, onWorking }: RecordStoreContext): RecordStore {
  const { inTurn, inTime, hasAnswered } = createAccess(platform);
  /** Of the stored session and that of this tab: those that storage has, or may have because it did not answer. */
  const shared = new Set<string | undefined>();
  let working = true;
  /** The record that only this tab's memory has, and the revision of the stored record that it started from. */
  let unsaved: StorageRecord | null = null;
  let base = 0;
  /** The record whose write was late, so that storage may have it. */
  let late: StorageRecord | null = null;

  function share(id: string | undefined): void {
    shared.add(id);
    for (const former of shared) if (former !== id && former !== known().session?.sessionId) shared.delete(former);
  }

  function fail(error: unknown): void {
    if (!working) return;
    if (isMistake(error)) platform.report(error);
    onWorking((working = false), problemOf(error));
  }

  async function read(): Promise<Reading> {
    try {
      const decoded = decodeRecord(await inTime(() => storage.read(key)));
      found(decoded);
      if (decoded.kind === 'record') share(decoded.record.session?.sessionId);
      return decoded; // `working` does not change, because a full storage can be read.
    } catch (error) {
      fail(error);
      return { kind: 'unreadable' };
    }
  }

  function found(decoded: Decoded): void {
    if (decoded.kind === 'foreign' && decoded.endReason === 'newer_version') fail(new AuthError('storage_unavailable', NEWER));
  }

  async function write(change: RecordChange, isByUser: boolean): Promise<Written> {
    let next: StorageRecord | null = null;
    let wasPrivate = false;
    let isEmpty = false;
    let foreign: ForeignRecord | null = null;
    try {
      await inTime((signal) =>
        storage.update(key, (raw) => {
          if (signal.aborted) return raw; // Too late: this tab has continued without the write.
          const decoded = decodeRecord(raw);
          foreign = decoded.kind === 'foreign' && !isByUser ? decoded : null;
          if (foreign) return raw;
          const stored = decoded.kind === 'record' ? decoded.record : null;
          const own = withStorageId(known(), platform);
          const replaced = decoded.kind === 'foreign' ? recordAt(decoded.place ?? own, own) : own;
          isEmpty = !stored;
          const later = stored ? mergedRecord(known(), stored, since(stored), platform.now().wall) : replaced;
          const current = withOwnToken(later, known());
          next = change(current, stored);
          base = stored?.revision ?? 0;
          late = null;
          wasPrivate = isPrivate(next.session?.sessionId);
          share(next.session?.sessionId);
          if ((next === current && later === stored) || (next.epoch === 0 && !stored && !next.pendingAttemptId)) return raw;
          return encodeRecord(accessToken === 'memory' ? withoutAccessToken(next) : next);
        }),
      );
    } catch (error) {
      const written = next as StorageRecord | null; // TypeScript does not follow the assignment in the callback.
      // A storage that rejects has stored nothing. One that is late may have.
      const isLate = error instanceof DeadlineExceeded;
      if (wasPrivate && !isLate) shared.delete(written?.session?.sessionId);
      const record = written && (isLate || !isEmpty) ? written : unseen(change(known()), isByUser);
      if (!written && known() !== unsaved) base = known().revision;
      if (isLate && written) base = (late = written).revision;
      unsaved = record;
      fail(error);
      return { record, stored: false, foreign: null, reached: hasAnswered() };
    }
    if (foreign) found(foreign);
    else if (!working) onWorking((working = true), '');
    return { record: next ?? known(), stored: !foreign, foreign, reached: true };
  }

  /** The revision that this tab's record started from. A record with that of a late write may be that of another tab. */
  function since(stored: StorageRecord): number {
    if (known() !== unsaved) return Infinity;
    return late?.revision === stored.revision && late.pendingAttemptId !== stored.pendingAttemptId ? base - 1 : base;
  }

  // What the user did while storage could not even be read counts more than what it contains, as in a tab that has never
  // read it. A sign-out keeps its place, because the other tabs follow it by its message.
  function unseen(record: StorageRecord, isByUser: boolean): StorageRecord {
    return isByUser && record !== known() && record.status === 'signedIn' ? { ...record, storageId: '' } : record;
  }

  function isPrivate(sessionId: string | undefined): boolean {
    return !shared.has(sessionId);
  }

  return {
    isPrivate,
    read: () => inTurn(read),
    write: (change, isByUser) => inTurn(() => write(change, isByUser)),
  };
}

/** Runs the operations of one storage in turn, each with a deadline. */
function createAccess(platform: Platform) {
  let tail: Promise<unknown> = Promise.resolve();
  let silent = false;
  let hasAnswered = false;

  return {
    hasAnswered: () => hasAnswered,
    inTurn<T>(operation: () => Promise<T>): Promise<T> {
      const result = tail.then(operation);
      tail = result.catch(() => undefined);
      return result;
    },
    inTime<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
      return withDeadline(platform, silent ? SILENT_STORAGE_DEADLINE_MS : STORAGE_DEADLINE_MS, (signal) => {
        // A late answer counts, too: a slow storage is not a dead one.
        const settled = () => void (silent = false);
        const answered = () => void (hasAnswered = true);
        const answer = operation(signal);
        silent = true;
        answer.then(answered).then(settled, settled);
        return answer;
      });
    },
  };
}

function withStorageId(record: StorageRecord, platform: Platform): StorageRecord {
  return { ...record, storageId: record.storageId || platform.randomId() };
}
