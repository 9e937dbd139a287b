import { notify } from '../events/notify.ts';
import type { RecordChange } from '../model/record-change.ts';
import { isBehind } from '../model/record-order.ts';
import { isCutOff, isUnknown, reduceSession } from '../model/session-reducer.ts';
import type { SessionEvent, SessionState } from '../model/session-state.ts';
import { isSameSnapshot, snapshotOf, type AuthSnapshot } from '../model/snapshot.ts';
import { EMPTY_RECORD, type Decoded, type ForeignRecord, type StorageRecord } from '../model/storage-record.ts';
import { pause } from '../platform/pause.ts';
import type { Release } from '../platform/platform.ts';
import type { AuthStorage } from '../storage/storage.ts';
import type { ClientContext } from './client-context.ts';
import { coalesced } from './coalesced.ts';
import { createRecordStore, type Reading, type RecordStore, type Written } from './record-store.ts';
import { createSessionChannel, type News, type SessionChannel } from './tab-channel.ts';
import { createWriteBack } from './write-back.ts';

const READ_RETRIES = 3;
const READ_RETRY_MS = 300;

/** How long other tabs may still be writing newer state back, ms. */
const WRITE_BACK_MS = 250;

/**
 * Decides what the parts of a client see of a state. `limitSession` sets it.
 *
 * @param isRead whether the state is about to be adopted from storage, and the result becomes the state of the tab
 */
export type Guard = (state: SessionState, isRead?: boolean) => SessionState;

/** The session as this tab sees it, kept in step with storage and with the other tabs. */
export interface SessionStore {
  readonly getState: () => SessionState;
  readonly getSnapshot: () => AuthSnapshot;
  /** The id of the current session; `null` while no user is signed in. */
  readonly getSessionId: () => string | null;
  readonly subscribe: (listener: () => void) => Release;
  /** Resolves to the snapshot once it is known whether a user is signed in. */
  readonly whenKnown: () => Promise<AuthSnapshot>;
  readonly dispatch: (event: SessionEvent) => void;
  /** Makes a record the state of this tab, unless its state is newer; `null` stands for an empty storage. */
  readonly adopt: (record: StorageRecord | null) => void;
  /**
   * Reads storage and adopts a newer record. If storage is behind, this tab's record is written back.
   *
   * If a record has just been written back, another tab may still have a newer one.
   */
  readonly sync: () => Promise<Synced>;
  /** Whether no other tab can have a session, because it was never stored. */
  readonly isPrivate: (sessionId: string) => boolean;
  /**
   * Changes the stored record, adopts the result and announces it to the other tabs.
   *
   * @param isByUser whether the change is a sign-in or sign-out, which may replace a record that this tab cannot read
   */
  readonly write: (change: RecordChange, isByUser?: boolean) => Promise<Written>;
  /** Resolves when storage has everything that this tab has, or when the client is disposed. Returns `null` if storage has it. */
  readonly whenStored: () => Promise<void> | null;
  /** Starts to listen to the other tabs, until the client is disposed. */
  readonly open: () => void;
  readonly setGuard: (guard: Guard | null) => void;
  /** Calls the listeners, although nothing may have changed. */
  readonly publish: () => void;
}

/** The result of a synchronisation. */
export interface Synced {
  /** Whether a record was read. */
  readonly isRead: boolean;
  readonly isWrittenBack: boolean;
}

/** Creates the store of one session key. It touches nothing before `open`, `sync` or `write`. */
export function createSessionStore(context: SyncContext, storage: AuthStorage): SessionStore {
  const { platform, key, accessToken } = context;
  const view = createView(platform, storage.name, accessToken === 'server');
  const records = createRecordStore({ platform, storage, key, accessToken, known: view.known, onWorking: view.setWorking });
  const channel = createSessionChannel(context, onNews);
  const { sync, write, whenStored } = createSync(context, view, records, channel);
  const syncSoon = coalesced(sync);

  function onNews({ ended, isStored }: News): void {
    // If each tab has its own storage, the end of another tab's session does not concern this one. A tab that is still loading may
    // read the session after that.
    void view.whenKnown().then(() => ended?.storageId === view.known().storageId && view.adopt(ended));
    if (isStored) void syncSoon();
  }

  return { ...view, getState: view.guarded, getSessionId: () => view.getSnapshot().sessionId, sync, write, isPrivate: records.isPrivate, whenStored, open: channel.open };
}

type SyncContext = Pick<ClientContext, 'platform' | 'protocol' | 'key' | 'accessToken' | 'observers' | 'disposed'>;

/** Creates the functions that keep the view of this tab and storage in step. */
function createSync({ platform, protocol, observers, disposed }: SyncContext, view: View, records: RecordStore, channel: SessionChannel) {
  const writeBack = createWriteBack({ platform, disposed }, sync);
  let writtenBackAt = -Infinity;

  async function sync(): Promise<Synced> {
    // Storage that cannot be written may be readable, and another tab may have refreshed meanwhile.
    if (writeBack.isPending()) await writeNow();
    const decoded = await readPatiently();
    if (decoded.kind !== 'unreadable') await takeOver(decoded);
    return { isRead: decoded.kind === 'record', isWrittenBack: platform.now().monotonic - writtenBackAt < WRITE_BACK_MS };
  }

  async function takeOver(decoded: Decoded): Promise<void> {
    const stored = decoded.kind === 'record' ? decoded.record : null;
    if (decoded.kind !== 'foreign' && (await isRestoring(stored))) return;
    if (decoded.kind === 'damaged' || decoded.kind === 'foreign') find(decoded);
    if (decoded.kind === 'foreign') return;
    // A damaged record counts as a cleared one: the tab that has the newest tokens writes them back.
    if (!isBehind(stored, view.known())) view.adopt(stored);
    else if (!isCutOff(view.getState())) await writeNow();
  }

  /** If the page has just loaded and the cookie may have a session, that session is presumed. All tabs then share one refresh. */
  async function isRestoring(stored: StorageRecord | null): Promise<boolean> {
    const presume = view.getState().status === 'loading' ? protocol.refreshCookie?.presume(stored ?? EMPTY_RECORD, platform) : null;
    if (presume) await write(presume);
    return Boolean(presume);
  }

  /** Takes note of a record that this tab cannot read. */
  function find(decoded: ForeignRecord | { readonly kind: 'damaged' }): void {
    const before = view.getState();
    view.dispatch(decoded.kind === 'damaged' ? { type: 'recordDamaged' } : { type: 'foreignRecordRead', found: decoded });
    if (view.getState() !== before) observers.emit({ type: 'recordUnreadable', reason: decoded.kind === 'damaged' ? 'storage_corrupt' : decoded.endReason });
  }

  /** While the page loads, a short failure of storage must not look like an empty storage, and must not block for long. */
  async function readPatiently(): Promise<Reading> {
    for (let retry = 0; ; retry++) {
      const decoded = await records.read();
      if (decoded.kind !== 'unreadable' || view.getState().status !== 'loading') return decoded;
      if (retry === READ_RETRIES) {
        writeBack.setPending(true);
        if (!(await isRestoring(null))) view.adopt(null);
        return decoded;
      }
      await pause(platform, disposed, READ_RETRY_MS);
    }
  }

  async function writeNow(): Promise<void> {
    const { stored } = await write((current) => current);
    if (stored) writtenBackAt = platform.now().monotonic;
  }

  async function write(change: RecordChange, isByUser = false): Promise<Written> {
    const written = await records.write(change, isByUser);
    writeBack.setPending(!written.stored && !written.foreign);
    if (written.foreign) {
      find(written.foreign);
      return { ...written, record: view.known() };
    }
    observers.emit({ type: 'recordWritten', revision: written.record.revision, stored: written.stored });
    view.adopt(written.record);
    channel.announce(written);
    return written;
  }

  return { sync, write, whenStored: writeBack.whenDone };
}

type View = ReturnType<typeof createView>;

/** The state of this tab, its snapshot, and its listeners. */
function createView(platform: ClientContext['platform'], storageName: string, isOnServer: boolean) {
  const listeners = new Set<() => void>();
  let state: SessionState = { status: 'loading' };
  let storage = storageName;
  let snapshot = snapshotOf(state, storage, isOnServer);
  let warned = false;
  let guard: Guard | null = null;
  const guarded = () => (guard ? guard(state) : state);

  function publish(): void {
    const next = snapshotOf(state, storage, isOnServer);
    if (!isSameSnapshot(next, snapshot)) snapshot = next; // Activity changes the record, and nothing that an app sees.
    notify(platform, listeners, undefined);
  }

  function dispatch(event: SessionEvent): void {
    const next = reduceSession(state, event);
    if (next === state) return;
    state = guard && event.type === 'recordRead' ? guard(next, true) : next;
    publish();
  }

  function subscribe(listener: () => void): Release {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  return {
    getState: () => state,
    guarded,
    setGuard: (next: Guard | null) => void (guard = next),
    publish,
    getSnapshot: () => snapshot,
    known: (): StorageRecord => (state.status === 'loading' ? EMPTY_RECORD : state.record),
    subscribe,
    whenKnown: () =>
      new Promise<AuthSnapshot>((resolve) => {
        const release = subscribe(check);
        function check(): void {
          if (isUnknown(guarded())) return;
          release();
          resolve(snapshot);
        }
        check();
      }),
    dispatch,
    adopt(record: StorageRecord | null): void {
      dispatch({ type: 'recordRead', record, at: platform.now() });
    },
    setWorking(working: boolean, problem: string): void {
      storage = working ? storageName : 'memory';
      if (!working && !warned) platform.warn(`unexpired: the session is kept in memory, because ${storageName} failed: ${problem}`);
      warned ||= !working;
      publish();
    },
  };
}
