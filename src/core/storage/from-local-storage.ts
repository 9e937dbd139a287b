import { laterRecord } from '../model/record-order.ts';
import { decodeRecord, encodeRecord, EMPTY_RECORD, type SignedInRecord } from '../model/storage-record.ts';
import type { Platform } from '../platform/platform.ts';
import { openArea } from './area-text.ts';
import { indexedDB } from './indexed-db.ts';
import { openStorage, type AuthStorage, type StorageOption } from './storage.ts';

/** How long to wait for a refresh of a tab that still uses `localStorage`, ms; after that the tab must be frozen. */
const REFRESH_WAIT_MS = 25_000;

/** How long to wait for a tab that writes to `localStorage`, ms. */
const WRITE_WAIT_MS = 4000;

/** How long a write to `localStorage` takes to become visible in all tabs, ms. */
const SETTLE_MS = 20;

/**
 * Moves a session that an earlier version of this package kept in `localStorage` into another storage, once.
 *
 * The first page that uses it moves the session, after a refresh that may be in flight. A note without tokens remains in
 * `localStorage`. A tab of the earlier version reads this note and is signed out, because two tabs with one refresh token
 * would lose the session. A reload continues the session. If a user signs in again in such a tab, the next page moves that
 * session, too. A sign-out in a tab of either version ends the session in both.
 *
 * @param inner keeps the session from now on
 * @example
 * ```ts
 * import { createAuthClient, fromLocalStorage, indexedDB } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, storage: fromLocalStorage(indexedDB()) });
 * ```
 * @see HTML Standard, section 12.2 (`localStorage` has no transactions: whatwg/html issue 335)
 */
export function fromLocalStorage(inner: StorageOption = indexedDB()): (platform: Platform) => AuthStorage {
  return (platform) => {
    const { name, read, update } = openStorage(inner, platform);
    const moves = new Map<string, Promise<void>>();

    /** Moves the record of a key at its first use, and again at the next use if that failed. */
    function moved(key: string): Promise<void> {
      const move = moves.get(key) ?? moveRecord(platform, key, update);
      moves.set(key, move);
      move.catch(() => moves.delete(key));
      return move;
    }

    return {
      name,
      read: (key) => moved(key).then(() => read(key)),
      update: (key, change) => moved(key).then(() => update(key, change)),
    };
  };
}

/** Moves a record while no tab refreshes its session and no tab writes to `localStorage`. */
async function moveRecord(platform: Platform, key: string, update: AuthStorage['update']): Promise<void> {
  const area = openLocal(platform);
  const found = () => signedInRecord(area?.getItem(key));
  const move = async () => {
    const record = found(); // Another tab may have moved it meanwhile.
    if (!area || !record) return;
    await update(key, (current) => (isKept(current, record) ? current : encodeRecord(record)));
    area.setItem(key, encodeRecord(noteOf(record)));
    await new Promise<void>((resolve) => void platform.setTimer(resolve, SETTLE_MS));
  };
  const first = found();
  if (first) await exclusively(platform, `${key}:${first.session.sessionId}`, REFRESH_WAIT_MS, () => exclusively(platform, `${key}:write`, WRITE_WAIT_MS, move));
}

/** Opens `localStorage`, or returns `null` if the browser blocks it. Then there is nothing to move. */
function openLocal(platform: Platform) {
  try {
    return openArea(platform, 'local');
  } catch {
    return null;
  }
}

function signedInRecord(text: unknown): SignedInRecord | null {
  const decoded = decodeRecord(text);
  return decoded.kind === 'record' && decoded.record.status === 'signedIn' ? decoded.record : null;
}

/** Whether a storage keeps its own value: what its user did there later, or another session. */
function isKept(current: unknown, record: SignedInRecord): boolean {
  const decoded = decodeRecord(current);
  if (decoded.kind !== 'record') return decoded.kind === 'foreign';
  const kept = decoded.record;
  return kept.storageId === record.storageId ? laterRecord(kept, record) === kept : kept.status === 'signedIn';
}

/** The note that remains. It signs out the tabs that still use `localStorage`. */
function noteOf({ session, storageId, epoch, revision }: SignedInRecord) {
  return { ...EMPTY_RECORD, storageId, epoch: epoch + 1, revision: revision + 1, endedSessionId: session.sessionId, endReason: 'newer_version' } as const;
}

/** Runs a task with a lock that the earlier version uses, too. Without Web Locks it runs at once. */
function exclusively(platform: Platform, name: string, maxWaitMs: number, task: () => Promise<void>): Promise<void> {
  let entered: Promise<void> | null = null;
  const enter = () => (entered = task());
  // A browser can offer locks and refuse them, as in a sandboxed frame.
  return platform.locks ? platform.locks.hold(name, maxWaitMs, enter).catch(() => entered ?? task()) : task();
}
