import { withDeadline } from '../platform/deadline.ts';
import { redactError } from '../model/redact.ts';
import type { RecordChange } from '../model/record-change.ts';
import { laterRecord } from '../model/record-order.ts';
import { decodeRecord, encodeRecord, type Decoded, type StorageRecord } from '../model/storage-record.ts';
import { secretsOf } from '../model/token-set.ts';
import type { Platform } from '../platform/platform.ts';
import type { AuthStorage } from '../storage/storage.ts';

/** A storage that does not answer is treated as one that fails. */
const STORAGE_DEADLINE_MS = 5000;

/** While it owes an answer, nobody waits for another one for long. */
const SILENT_STORAGE_DEADLINE_MS = 250;

/** The outcome of a read; a storage that fails is not an empty one. */
export type Reading = Decoded | { readonly kind: 'unreadable' };

/** The outcome of a write. */
export interface Written {
  /** What holds now, stored or not. */
  readonly record: StorageRecord;
  /** False when only this tab's memory has it. */
  readonly stored: boolean;
  /** Whether storage has ever answered, so that it may hold tokens. */
  readonly reached: boolean;
}

/** The session's record in storage, one operation after the other. */
export interface RecordStore {
  /** What storage holds. */
  readonly read: () => Promise<Reading>;
  /**
   * Applies a change to the later of what is stored and what this tab knows, in one atomic step.
   *
   * Where storage fails, the change counts for this tab, and the next write tries to store it again.
   */
  readonly write: (change: RecordChange) => Promise<Written>;
}

/**
 * Opens the record of one session key.
 *
 * @param known what this tab knows by now
 * @param onWorking told when storage stops (`false`) to work, and when it works again (`true`)
 */
export function createRecordStore(
  platform: Platform,
  storage: AuthStorage,
  key: string,
  known: () => StorageRecord,
  onWorking: (working: boolean, problem: string) => void,
): RecordStore {
  let tail: Promise<unknown> = Promise.resolve();
  let working = true;
  let reached = false;
  let silent = false;

  function inTurn<T>(operation: () => Promise<T>): Promise<T> {
    const result = tail.then(operation);
    tail = result.catch(() => undefined);
    return result;
  }

  function inTime<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(platform, silent ? SILENT_STORAGE_DEADLINE_MS : STORAGE_DEADLINE_MS, (signal) => {
      const answered = () => void (silent = false); // Also past the deadline: slow is not dead.
      const answer = operation(signal);
      silent = true;
      answer.then(answered, answered);
      return answer;
    });
  }

  function fail(problem: string): void {
    if (working) onWorking((working = false), problem);
  }

  async function read(): Promise<Reading> {
    try {
      const decoded = decodeRecord(await inTime(() => storage.read(key)));
      if (decoded.kind === 'newer') {
        fail(NEWER);
        return { kind: 'absent' };
      }
      reached = true; // But it need not work again: a full storage can still be read.
      return decoded;
    } catch (error) {
      fail(redactError(error).message);
      return { kind: 'unreadable' };
    }
  }

  function begun(record: StorageRecord): StorageRecord {
    return { ...record, lineage: record.lineage || platform.randomId() };
  }

  async function write(change: RecordChange): Promise<Written> {
    let next: StorageRecord | null = null;
    try {
      await inTime((signal) =>
        storage.update(key, (raw) => {
          if (signal.aborted) return raw; // Too late: this tab has gone on without it.
          const decoded = decodeRecord(raw);
          if (decoded.kind === 'newer') throw new Error(NEWER);
          const stored = decoded.kind === 'record' ? decoded.record : null;
          next = change(stored ? laterRecord(known(), stored) : begun(known()), stored);
          return next === stored || next.epoch === 0 ? raw : encodeRecord(next);
        }),
      );
    } catch (error) {
      const record = change(known());
      fail(redactError(error, secretsOf(record.session?.tokens)).message);
      return { record, stored: false, reached };
    }
    reached = true;
    if (!working) onWorking((working = true), '');
    return { record: next ?? known(), stored: true, reached };
  }

  return {
    read: () => inTurn(read),
    write: (change) => inTurn(() => write(change)),
  };
}

const NEWER = 'a newer version has written it, and it is left as it is';
