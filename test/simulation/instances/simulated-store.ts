import type { Release } from 'unexpired/core';
import type { SessionStore } from 'unexpired/server';
import type { Tab, Task } from '../../support/world.ts';
import { settleIn, type TabProcess } from '../../support/world/tab-process.ts';
import { createRows, type RowChange } from './rows.ts';
import type { StoreFault } from './scenario.ts';

/** An operation that an instance has asked for and the store has not carried out, or not answered in time. */
export interface FailedOperation {
  readonly process: TabProcess;
  readonly name: string;
  readonly key: string;
  readonly at: number;
}

/** How the store treats the operations of an instance now. */
export interface StoreState {
  fault: StoreFault;
  slowMs: number;
  /** The instance that the fault concerns; `null` for all. */
  only: ((process: TabProcess) => boolean) | null;
}

/** The store that all instances share. */
export interface SimulatedStore {
  readonly state: StoreState;
  /** The store's clock minus the true time, ms. */
  skewMs: number;
  announcementsAreLost: boolean;
  delayOf: () => number;
  /** Called after each change of a row, and for each change that a failover has undone. */
  onChange: (change: RowChange) => void;
  onLoss: (change: RowChange) => void;
  onFailure: (failed: FailedOperation) => void;
  /** Opens it for one instance. */
  readonly openFor: (process: TabProcess) => SessionStore;
  /** Counts the watches of an instance. */
  readonly watchesOf: (process: TabProcess) => number;
  readonly textOf: (key: string) => string | null;
  readonly evict: (key: string) => void;
  /** Fails all operations in flight. */
  readonly restart: () => void;
  /** Fails all operations in flight, and undoes the last writes. */
  readonly failOver: (lostWrites: number, skewMs: number) => void;
}

/** An extension of a lease that takes longer has failed, ms. */
const SLOW_MS = 1000;

/** A replica is at most this far behind, ms. */
const LAG_MS = 5000;

const WRITES = ['insert', 'replace', 'remove', 'extend'];

interface Watcher {
  readonly process: TabProcess;
  readonly key: string;
  readonly onChange: () => void;
}

const never = <T>() => new Promise<T>(() => undefined);

/** Creates the store. `node` is the machine that it runs on; its timers are those of the store. */
export function createSimulatedStore({ process: node }: Tab, now: () => number, announces: boolean): SimulatedStore {
  const journal: { readonly at: number; readonly change: RowChange }[] = [];
  const watchers = new Set<Watcher>();
  let connection = 0;
  const rows = createRows(() => now() + store.skewMs, (change) => {
    journal.push({ at: now(), change });
    store.onChange(change);
    if (!change.after?.lease) announce(change.key);
  });
  const delay = (ms: number, task: Task) => new Promise<void>((resolve) => void node.setTimer(resolve, ms, task));
  /** The operations and answers of an instance overtake none of the same instance. */
  const taskOf = (step: string, { name }: TabProcess, slowMs: number): Task => ({ thread: name, queue: `${step} ${name}`, isPrompt: slowMs === 0 });

  function announce(key: string): void {
    if (store.announcementsAreLost) return;
    for (const watcher of watchers) if (watcher.key === key) void delay(store.delayOf(), { thread: `store > ${watcher.process.name}`, isPrompt: true }).then(() => watchers.has(watcher) && watcher.process.run(watcher.onChange));
  }

  const isConcerned = (process: TabProcess) => store.state.only?.(process) ?? true;

  async function operate<T>(process: TabProcess, name: string, key: string, run: () => T): Promise<T> {
    const opened = connection;
    const fault = isConcerned(process) ? store.state.fault : 'none';
    const slowMs = isConcerned(process) ? store.state.slowMs : 0;
    const startedAt = now();
    const failed = () => store.onFailure({ process, name, key, at: startedAt });
    const fail = (problem: string) => {
      failed();
      return new Error(`The connection failed: ${problem} ${key}`);
    };
    if (slowMs >= SLOW_MS) failed();
    await delay(store.delayOf() + slowMs, taskOf('operation of', process, slowMs));
    node.touch('storage', name === 'read' || name === 'list');
    if (connection !== opened) throw fail('it was closed before');
    if (fault === 'silentBefore') return failed(), never();
    if (fault === 'fails' || (fault === 'readsFail' && name === 'read') || (fault === 'writesFail' && WRITES.includes(name))) throw fail('refused');
    const result = run();
    await delay(store.delayOf(), taskOf('answer to', process, 0));
    if (connection !== opened) throw fail('it was closed after');
    if (fault === 'silentAfter') return failed(), never();
    if (fault === 'lostAnswer') throw fail('no answer');
    return result;
  }

  function openFor(process: TabProcess): SessionStore {
    const ask = <T>(name: string, key: string, run: () => T): Promise<T> => (process.isAlive() ? settleIn(process, operate(process, name, key, run)) : never());
    const watch = (key: string, onChange: () => void): Release => {
      const watcher = { process, key, onChange };
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    };
    return {
      name: 'simulated',
      insert: (key, row) => ask('insert', key, () => rows.insert(key, row)),
      read: (key, idleMs) => ask('read', key, () => rows.read(key, idleMs)),
      replace: (key, ifMatch, next) => ask('replace', key, () => rows.replace(key, ifMatch, next)),
      remove: (key, ifMatch) => ask('remove', key, () => rows.remove(key, ifMatch)),
      extend: (key, owner, leaseMs) => ask('extend', key, () => rows.extend(key, owner, leaseMs)),
      list: (subject) => ask('list', '', () => rows.list(subject)),
      ...(announces && { watch }),
      close: async () => undefined,
    };
  }

  function failOver(lostWrites: number, skewMs: number): void {
    connection++;
    for (let count = 0; count < lostWrites; count++) {
      const last = journal.at(-1);
      if (!last || now() - last.at > LAG_MS) break;
      journal.pop();
      rows.undo(last.change);
      store.onLoss(last.change);
    }
    journal.length = 0; // The new primary has all that is left.
    store.skewMs = skewMs;
  }

  const store: SimulatedStore = {
    state: { fault: 'none', slowMs: 0, only: null },
    skewMs: 0,
    announcementsAreLost: false,
    delayOf: () => 1,
    onChange: () => undefined,
    onLoss: () => undefined,
    onFailure: () => undefined,
    openFor,
    watchesOf: (process) => [...watchers].filter((watcher) => watcher.process === process).length,
    textOf: rows.textOf,
    evict: rows.evict,
    restart: () => void connection++,
    failOver,
  };
  return store;
}
