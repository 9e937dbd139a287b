import type { AuthClient } from '../core/auth-client.ts';
import { inspectorOf } from '../core/inspector.ts';
import type { ClientMoment } from '../core/model/client-event.ts';
import type { Release } from '../core/platform/platform.ts';
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
  const listeners = new Set<() => void>();
  let log: readonly LogEntry[] = [];
  let pending: LogEntry[] = [];
  let lines = 0;
  let snapshot = client.getSnapshot();
  let changedHere = false;
  let releaseTimer: Release = () => undefined;

  function record(what: ClientMoment | SessionChange, at: number): void {
    lines += 1;
    if (pending.length === 0) releaseTimer = platform.setTimer(publish, BATCH_MS);
    pending.push({ ...what, at, tab, line: lines });
  }

  let broadcast: (entries: readonly LogEntry[]) => void = () => undefined;

  function publish(): void {
    const batch = pending;
    pending = [];
    broadcast(batch);
    add(batch);
  }

  function add(entries: readonly LogEntry[]): void {
    const next = addToLog(log, entries);
    if (next === log) return;
    log = next;
    for (const listener of [...listeners]) listener();
  }

  /** A write of this tab changes the snapshot in the same turn. Any other change comes from another tab. */
  function noteOwnChange(): void {
    changedHere = true;
    void Promise.resolve().then(() => (changedHere = false));
  }

  function compare(): void {
    const previous = snapshot;
    snapshot = client.getSnapshot();
    const source: Source = changedHere ? 'thisTab' : previous.status === 'loading' ? 'storage' : 'otherTab';
    const at = platform.now().wall;
    for (const change of changesBetween(previous, snapshot, source, leadMs)) record(change, at);
  }

  function start(): Release {
    const channel = platform.openChannel?.(`${client.storageKey}:devtools`, receive) ?? null;
    const releases = [
      client.on(({ at, ...moment }) => {
        if (moment.type === 'recordWritten' || moment.type === 'signOutStarted') noteOwnChange();
        record(moment, at);
      }),
      client.subscribe(compare),
      () => channel?.close(),
    ];
    broadcast = (entries) => channel?.post({ entries });
    channel?.post({ asks: true });
    compare();
    if (lines === 0) recordFound();
    return () => {
      releaseTimer();
      publish();
      broadcast = () => undefined;
      for (const release of releases) release();
    };
  }

  /** Logs a session that started before the recorder as one from storage. */
  function recordFound(): void {
    const before = { ...snapshot, sessionId: null, receipt: null, refresh: IDLE };
    for (const change of changesBetween(before, snapshot, 'storage', leadMs)) record(change, platform.now().wall);
  }

  function receive(message: unknown): void {
    if (typeof message !== 'object' || message === null) return;
    if ('asks' in message) broadcast(log.filter((entry) => entry.tab === tab));
    if ('entries' in message) add(readEntries(message.entries));
  }

  return {
    tab,
    getLog: () => log,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    clear() {
      log = [];
      for (const listener of [...listeners]) listener();
    },
    start,
  };
}

const IDLE = { state: 'idle', retryAt: null, error: null } as const;
