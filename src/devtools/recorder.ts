import type { AuthClient } from '../core/auth-client.ts';
import { inspectorOf } from '../core/inspector.ts';
import { observe } from '../core/observe.ts';
import type { ClientMoment } from '../core/model/client-event.ts';
import type { AuthSnapshot } from '../core/model/snapshot.ts';
import type { Platform, Release } from '../core/platform/platform.ts';
import { addToLog, readEntries } from './model/event-log.ts';
import type { LogEntry, SessionChange, Source } from './model/log-entry.ts';
import { changesBetween } from './model/session-changes.ts';

/** Lines are published and broadcast in batches, because a burst would render once per line. */
const BATCH_MS = 50;

/** Keeps the log of a client. It includes the lines of the same session's recorders in other tabs. */
export interface Recorder {
  /** This tab's name in the log. */
  readonly tab: string;
  readonly getLog: () => readonly LogEntry[];
  readonly subscribe: (listener: () => void) => Release;
  readonly clear: () => void;
  /** Starts to record; call the result to stop. */
  readonly start: () => Release;
}

/** Creates a recorder. It does nothing before `start`. */
export function createRecorder(client: AuthClient): Recorder {
  const { platform, leadMs } = inspectorOf(client);
  const tab = platform.randomId();
  const buffer = createLogBuffer(platform, tab);
  let snapshot = client.getSnapshot();
  let changedHere = false;

  /** A write of this tab changes the snapshot in the same turn. Any other change comes from another tab. */
  function noteOwnChange(): void {
    changedHere = true;
    void Promise.resolve().then(() => (changedHere = false));
  }

  function compare(): void {
    const previous = snapshot;
    snapshot = client.getSnapshot();
    recordChanges(previous, changedHere ? 'thisTab' : previous.status === 'loading' ? 'storage' : 'otherTab');
  }

  function recordChanges(previous: AuthSnapshot, source: Source): void {
    const at = platform.now().wall;
    for (const change of changesBetween(previous, snapshot, source, leadMs)) buffer.record(change, at);
  }

  function start(): Release {
    const channel = platform.openChannel?.(`${client.storageKey}:devtools`, buffer.receive) ?? null;
    const releases = [
      observe(client, ({ at, ...moment }) => {
        if (moment.type === 'recordWritten' || moment.type === 'signOutStarted') noteOwnChange();
        buffer.record(moment, at);
      }),
      client.subscribe(compare),
      buffer.broadcastBy((entries) => channel?.post({ entries })),
      () => channel?.close(),
    ];
    channel?.post({ asks: true });
    compare();
    // A session that started before the recorder is logged as one from storage.
    if (buffer.isEmpty()) recordChanges({ ...snapshot, sessionId: null, receipt: null, refresh: IDLE }, 'storage');
    return () => {
      buffer.flush();
      for (const release of releases) release();
    };
  }

  return { tab, getLog: buffer.getLog, subscribe: buffer.subscribe, clear: buffer.clear, start };
}

/** Keeps the log of a tab, and publishes its own new lines in batches. */
function createLogBuffer(platform: Platform, tab: string) {
  const listeners = new Set<() => void>();
  let log: readonly LogEntry[] = [];
  let pending: LogEntry[] = [];
  let lines = 0;
  let releaseTimer: Release = () => undefined;
  let broadcast: (entries: readonly LogEntry[]) => void = () => undefined;

  function setLog(next: readonly LogEntry[]): void {
    if (next === log) return;
    log = next;
    for (const listener of [...listeners]) listener();
  }

  function flush(): void {
    releaseTimer();
    const batch = pending;
    pending = [];
    broadcast(batch);
    setLog(addToLog(log, batch));
  }

  return {
    getLog: () => log,
    isEmpty: () => lines === 0,
    clear: () => setLog([]),
    flush,
    subscribe(listener: () => void): Release {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    record(what: ClientMoment | SessionChange, at: number): void {
      lines += 1;
      if (pending.length === 0) releaseTimer = platform.setTimer(flush, BATCH_MS);
      pending.push({ ...what, at, tab, line: lines });
    },
    /** Answers the recorder of another tab, or adds its lines. */
    receive(message: unknown): void {
      if (typeof message !== 'object' || message === null) return;
      if ('asks' in message) broadcast(log.filter((entry) => entry.tab === tab));
      if ('entries' in message) setLog(addToLog(log, readEntries(message.entries)));
    },
    broadcastBy(send: typeof broadcast): Release {
      broadcast = send;
      return () => (broadcast = () => undefined);
    },
  };
}

const IDLE = { state: 'idle', retryAt: null, error: null } as const;
