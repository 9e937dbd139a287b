import type { AuthStorage } from 'unexpired/core';
import { settleIn, type TabProcess } from './tab-process.ts';
import type { SimulatedTime, Task } from './time.ts';

/** What is wrong with storage. An operation that is silent never answers: `silentBefore` is not carried out, `silentAfter` is. */
export type StorageFault = 'none' | 'readsFail' | 'writesFail' | 'silentBefore' | 'silentAfter';

/** A storage like IndexedDB, which carries out the operations of all tabs one after the other. */
export interface SimulatedStorage extends AuthStorage {
  readonly values: Map<string, unknown>;
  /** The error that every operation fails with, or `null`. */
  fails: Error | null;
  fault: StorageFault;
  /** How long operations take beyond their usual delay, ms. */
  slowMs: number;
  /** Makes errors quote the value that could not be stored, as those of some browsers do. */
  errorsQuoteInput: boolean;
  /** Called after each change of the values. */
  onChange: () => void;
  /** Opens it for one tab. */
  readonly openFor: (tabProcess: TabProcess, onReached: () => void) => AuthStorage;
  /** Clears the data of the site, even if tabs have it open. */
  readonly clear: () => void;
}

const never = <T>() => new Promise<T>(() => undefined);

export function createStorage(time: SimulatedTime, delayOf: (what: 'storage' | 'answer') => number): SimulatedStorage {
  const values = new Map<string, unknown>();
  let lastAt = 0;

  /** Waits for the turn of this operation: no operation overtakes an earlier one. A scheduler keeps only the order of each tab. */
  function turn(thread: string): Promise<void> {
    lastAt = Math.max(lastAt, time.now() + delayOf('storage') + storage.slowMs);
    const task: Task = { thread, queue: `storage of ${thread}`, isPrompt: storage.slowMs === 0 };
    return time.delay(lastAt - time.now(), 'device', task);
  }

  async function answer<T>(thread: string, value: T): Promise<T> {
    const ms = delayOf('answer');
    if (ms > 0) await time.delay(ms, 'device', { thread, isPrompt: true });
    return value;
  }

  async function read(key: string, thread = 'storage'): Promise<unknown> {
    const { fault } = storage;
    await turn(thread);
    time.touch('storage', true);
    if (storage.fails) throw storage.fails;
    if (fault === 'readsFail') throw new Error('storage cannot be read');
    if (fault === 'silentBefore' || fault === 'silentAfter') return never();
    return answer(thread, values.get(key));
  }

  async function update(key: string, change: (current: unknown) => unknown, inTab: <T>(code: () => T) => Promise<T>, thread = 'storage'): Promise<void> {
    const { fault } = storage;
    await turn(thread);
    if (storage.fails) throw storage.fails;
    if (fault === 'silentBefore') return never();
    await inTab(() => store(key, change(values.get(key)), fault));
    return fault === 'silentAfter' ? never() : answer(thread, undefined);
  }

  function store(key: string, next: unknown, fault: StorageFault): void {
    if (fault === 'writesFail') throw new Error(storage.errorsQuoteInput ? `no room for ${String(next)}` : 'no room');
    time.touch('storage');
    values.set(key, next);
    storage.onChange();
  }

  /** Runs the change of a transaction in its tab. The read, the change and the write happen at the same moment. */
  const inTabOf = (tabProcess: TabProcess) => <T>(code: () => T) =>
    new Promise<T>((resolve, reject) =>
      tabProcess.run(() => {
        try {
          resolve(code());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }),
    );

  const storage: SimulatedStorage = {
    name: 'simulated',
    values,
    fails: null,
    fault: 'none',
    slowMs: 0,
    errorsQuoteInput: false,
    onChange: () => undefined,
    read: (key) => read(key),
    update: (key, change) => update(key, change, (code) => Promise.resolve().then(code)),
    openFor(tabProcess, onReached) {
      const reached = <T>(done: Promise<T>) => done.then((value) => (onReached(), value));
      return {
        name: storage.name,
        read: (key) => (tabProcess.isAlive() ? settleIn(tabProcess, reached(read(key, tabProcess.name))) : never()),
        update: (key, change) => (tabProcess.isAlive() ? settleIn(tabProcess, reached(update(key, change, inTabOf(tabProcess), tabProcess.name))) : never()),
      };
    },
    clear() {
      values.clear();
      storage.onChange();
    },
  };
  return storage;
}
