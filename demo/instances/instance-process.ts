import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createLane, type LaneSpan } from './lane.ts';
import type { InstanceMessage, InstanceSettings } from './messages.ts';

const START = fileURLToPath(new URL('./start.js', import.meta.url));

/** How long an instance that was stopped is away before it starts again, ms. Long enough to watch the other one. */
const AWAY_MS = 5000;

/** How long an instance may take to close, ms. */
const CLOSE_MS = 2000;

/** An instance as the page shows it. */
export interface InstanceState {
  readonly number: number;
  /** The id of its process; `null` if there is none. */
  readonly pid: number | null;
  readonly status: 'starting' | 'running' | 'stopped';
  readonly isRefreshing: boolean;
  /** Requests of pages since the demo was started, without the streams of events. */
  readonly requests: number;
  /** Refreshes that brought new tokens. */
  readonly refreshes: number;
  readonly spans: readonly LaneSpan[];
}

/** The process of one instance, which is started again when it ends. */
export interface InstanceProcess {
  readonly state: () => InstanceState;
  /** The port of a process that can take requests; `null` if there is none. */
  readonly port: () => number | null;
  /** How many requests are in flight. */
  readonly load: () => number;
  /** Counts a request; call the result when it is over. */
  readonly begin: () => (isGood: boolean) => void;
  /** Resolves once the first process listens. Rejects with its text if it has a problem. */
  readonly start: () => Promise<void>;
  /** Kills the process with SIGKILL, as a crash would. */
  readonly kill: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Creates the process of an instance, and does not start it yet.
 *
 * @param script the path of the built instance
 */
export function createInstanceProcess(number: number, script: string, settings: InstanceSettings): InstanceProcess {
  const lane = createLane(Date.now);
  const counts = { requests: 0, refreshes: 0, load: 0 };
  let child: ChildProcess | null = null;
  let status: InstanceState['status'] = 'stopped';
  let port: number | null = null;
  let refresh: number | null = null;
  let isClosed = false;
  let restart: ReturnType<typeof setTimeout> | undefined;

  function onMessage(message: InstanceMessage, listening: () => void, problem: (text: string) => void): void {
    if (message.type === 'listening') {
      lane.cut();
      status = 'running';
      port = message.port;
      listening();
    }
    if (message.type === 'problem') problem(message.text);
    if (message.type === 'refreshSent') refresh = lane.begin('refresh');
    if (message.type === 'refreshAnswered' && refresh !== null) {
      lane.end(refresh, message.isGood);
      refresh = null;
      if (message.isGood) counts.refreshes += 1;
    }
  }

  function start(): Promise<void> {
    status = 'starting';
    const own = (child = fork(START, [script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
    own.send(settings);
    own.once('exit', () => {
      status = 'stopped';
      [child, port, refresh] = [null, null, null];
      lane.cut();
      lane.begin('down');
      if (!isClosed) restart = setTimeout(() => void start().catch(() => undefined), AWAY_MS);
    });
    return new Promise((resolve, reject) => {
      own.on('message', (message) => onMessage(message as InstanceMessage, resolve, (text) => reject(new Error(text))));
      own.once('exit', () => reject(new Error(`Instance ${number} has ended.`)));
    });
  }

  return {
    state: () => ({
      number,
      pid: child?.pid ?? null,
      status,
      isRefreshing: refresh !== null,
      requests: counts.requests,
      refreshes: counts.refreshes,
      spans: lane.spans(),
    }),
    port: () => port,
    load: () => counts.load,
    begin() {
      const id = lane.begin('request');
      counts.requests += 1;
      counts.load += 1;
      return (isGood) => {
        counts.load -= 1;
        lane.end(id, isGood);
      };
    },
    start,
    kill() {
      status = 'stopped';
      port = null; // The balancer must not choose it any more.
      child?.kill('SIGKILL');
    },
    close() {
      isClosed = true;
      clearTimeout(restart);
      const own = child;
      if (!own) return Promise.resolve();
      return new Promise((resolve) => {
        const late = setTimeout(() => own.kill('SIGKILL'), CLOSE_MS);
        own.once('exit', () => {
          clearTimeout(late);
          resolve();
        });
        own.kill('SIGTERM');
      });
    },
  };
}
