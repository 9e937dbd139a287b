import { pause } from '../platform/pause.ts';
import { createRecordStore, type Written } from './record-store.ts';
import { asObject, type JsonObject } from '../model/json.ts';
import type { Claim, RecordChange } from '../model/record-change.ts';
import { isBehind } from '../model/record-order.ts';
import { reduceSession } from '../model/session-reducer.ts';
import type { SessionEvent, SessionState } from '../model/session-state.ts';
import { snapshotOf, type AuthSnapshot } from '../model/snapshot.ts';
import { decodeRecord, encodeRecord, EMPTY_RECORD, type StorageRecord } from '../model/storage-record.ts';
import { notify } from '../events/notify.ts';
import type { Observers } from '../events/observers.ts';
import type { Platform, Release, TabChannel } from '../platform/platform.ts';
import type { AuthStorage } from '../storage/storage.ts';

const READ_RETRIES = 3;
const READ_RETRY_MS = 300;
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10_000;

/** Until then another tab may not have reminded storage of what it knows. */
const REMINDED_MS = 250;

/** The session as this tab sees it, and its way to storage and to the other tabs. */
export interface SessionStore {
  readonly getState: () => SessionState;
  readonly getSnapshot: () => AuthSnapshot;
  readonly subscribe: (listener: () => void) => Release;
  readonly dispatch: (event: SessionEvent) => void;
  /**
   * Takes over what storage holds by now.
   *
   * @returns whether storage had just forgotten what this tab knows, and was told; another tab may know more
   */
  readonly sync: () => Promise<boolean>;
  /** Changes what is stored, takes over the result and tells the other tabs. */
  readonly write: (change: RecordChange) => Promise<Written>;
  /** Whether another tab has renewed what a refresh is asked for, and storage does not pass that on. */
  readonly isOutdated: (claim: Claim) => boolean;
  /** Resolves when storage has all that this tab knows, or with the end of the client's life. */
  readonly whenStored: () => Promise<void>;
  /** Starts listening to the other tabs, for the client's life. */
  readonly open: () => void;
}

/** Creates the store of one session key; nothing is touched before `open`, `sync` or `write`. */
export function createSessionStore(platform: Platform, storage: AuthStorage, key: string, observers: Observers, life: AbortSignal): SessionStore {
  const listeners = new Set<() => void>();
  let state: SessionState = { status: 'loading' };
  let storageName = storage.name;
  let snapshot = snapshotOf(state, storageName);
  let channel: TabChannel | null = null;
  let warned = false;
  /** What this tab knows is in its memory alone, or what storage knows is not here: that is mended as soon as storage lets it. */
  let unstored = false;
  let storing: Promise<void> = Promise.resolve();
  let retrying = false;
  let remindedAt = -Infinity;
  /** What another tab has said it has stored, until storage can be asked itself. */
  let renewed: JsonObject = {};
  let newsDue = false;
  let hearing: Promise<unknown> = Promise.resolve();

  function publish(): void {
    snapshot = snapshotOf(state, storageName);
    notify(platform, listeners, undefined);
  }

  function dispatch(event: SessionEvent): void {
    const next = reduceSession(state, event);
    if (next === state) return;
    state = next;
    publish();
  }

  const known = (): StorageRecord => (state.status === 'loading' ? EMPTY_RECORD : state.record);

  const records = createRecordStore(platform, storage, key, known, (working, problem) => {
    storageName = working ? storage.name : 'memory';
    if (!working && !warned) platform.warn(`unexpired: the session is kept in memory, as ${storage.name} failed: ${problem}`);
    warned ||= !working;
    publish();
  });

  async function sync(): Promise<boolean> {
    // What cannot be written can perhaps be read: another tab may have renewed the session meanwhile.
    if (unstored) await remind();
    const heard = renewed;
    let decoded = await records.read();
    // A page that has just been loaded must not take a hiccup for an empty storage, nor keep its user waiting for longer.
    for (let retry = 0; decoded.kind === 'unreadable' && state.status === 'loading' && retry < READ_RETRIES; retry++) {
      await pause(platform, life, READ_RETRY_MS);
      decoded = await records.read();
    }
    if (decoded.kind === 'unreadable' && state.status === 'loading') retryUntilStored();
    if (decoded.kind !== 'unreadable' && heard === renewed) renewed = {}; // What came meanwhile may be newer than what was read.
    const stored = decoded.kind === 'record' ? decoded.record : null;
    if ((stored || decoded.kind === 'absent') && isBehind(stored, known())) return remind();
    dispatch(decoded.kind === 'damaged' ? { type: 'recordDamaged' } : { type: 'recordRead', record: stored, at: platform.now() });
    return wasReminded();
  }

  async function remind(): Promise<boolean> {
    const { stored } = await write((current) => current);
    if (stored) remindedAt = platform.now().monotonic;
    return wasReminded();
  }

  const wasReminded = () => platform.now().monotonic - remindedAt < REMINDED_MS;

  async function write(change: RecordChange): Promise<Written> {
    const written = await records.write(change);
    unstored = false;
    if (!written.stored) retryUntilStored();
    observers.tell({ type: 'recordWritten', revision: written.record.revision, stored: written.stored });
    dispatch({ type: 'recordRead', record: written.record, at: platform.now() });
    tell(written);
    return written;
  }

  /** What storage has not taken is offered to it again, now and then. */
  function retryUntilStored(): void {
    unstored = true;
    if (!retrying) storing = retry();
  }

  async function retry(): Promise<void> {
    retrying = true;
    for (let ms = RETRY_MS; unstored && !life.aborted; ms = Math.min(2 * ms, LONGEST_RETRY_MS)) {
      await pause(platform, life, ms);
      if (!life.aborted) await sync();
    }
    retrying = false;
  }

  /**
   * The other tabs hear that there is something to read, of which session and generation, and of a sign-out at once:
   * none of it holds a token, and storage may fail. An API's verdict on a refresh token that is not stored is this tab's
   * own business: it may be about one that another tab has long renewed.
   */
  function tell({ record, stored }: Written): void {
    const ended = record.status === 'signedOut' && (stored || record.endReason === 'sign_out') ? encodeRecord(record) : null;
    if (!stored && !ended) return;
    const line = channel ?? platform.openChannel?.(key, () => undefined); // Also after a client was disposed of.
    const { sessionId, generation } = record.session ?? {};
    line?.post({ revision: stored ? record.revision : null, ended, sessionId, generation });
    if (line !== channel) line?.close();
  }

  function onMessage(message: unknown): void {
    const news = asObject(message) ?? {};
    const { revision = null, ended, sessionId } = news;
    if (sessionId) renewed = news;
    const decoded = decodeRecord(ended);
    // Where each tab has a storage of its own, another one's end is none of this one's business.
    if (decoded.kind === 'record' && decoded.record.status === 'signedOut' && decoded.record.lineage === known().lineage) {
      dispatch({ type: 'recordRead', record: decoded.record, at: platform.now() });
    }
    if (revision !== null) void hear();
  }

  /** One look at storage answers all messages that came before it, such as those that waited for a frozen page. */
  async function hear(): Promise<void> {
    if (newsDue) return;
    newsDue = true;
    await hearing;
    newsDue = false;
    await (hearing = sync());
  }

  return {
    getState: () => state,
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispatch,
    sync,
    write,
    isOutdated: ({ sessionId, generation }) => renewed['sessionId'] === sessionId && Number(renewed['generation']) > generation,
    whenStored: () => storing,
    open() {
      channel = platform.openChannel?.(key, onMessage) ?? null;
      life.addEventListener('abort', () => {
        channel?.close();
        channel = null;
      });
    },
  };
}
