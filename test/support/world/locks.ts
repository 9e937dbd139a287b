import type { Release } from 'unexpired/core';
import type { TabProcess } from './tab-process.ts';
import type { SimulatedTime } from './time.ts';

interface Lock {
  readonly name: string;
  readonly owner: TabProcess;
  readonly grant: () => void;
}

/** Web Locks: each name has a queue, whose first entry holds the lock. A frozen tab keeps its locks, and is granted those it waits for. */
export interface SimulatedLocks {
  /** Waits for a lock. If one tab has held it for `maxWaitMs`, it waits for the lock of tabs that take over instead. A signal ends the wait. */
  readonly take: (owner: TabProcess, name: string, maxWaitMs: number, signal?: AbortSignal) => Promise<Release>;
  readonly isHeld: (name: string) => boolean;
  /** How many locks a tab holds or waits for. */
  readonly countOf: (owner: TabProcess) => number;
  readonly releaseAll: (owner: TabProcess) => void;
}

export function createLocks({ touch }: SimulatedTime): SimulatedLocks {
  const queues = new Map<string, Lock[]>();

  function queueOf(name: string): Lock[] {
    touch(`lock ${name}`);
    const queue = queues.get(name) ?? [];
    queues.set(name, queue);
    return queue;
  }

  function leave(queue: Lock[], lock: Lock): void {
    const index = queue.indexOf(lock);
    if (index < 0) return;
    touch(`lock ${lock.name}`);
    queue.splice(index, 1);
    if (index === 0) queue[0]?.grant();
  }

  /** Takes the second lock, too, while a tab that has taken over holds it. */
  function enter(owner: TabProcess, second: string, maxWaitMs: number, release: Release, signal?: AbortSignal): Promise<Release> {
    if (!isHeld(second)) return Promise.resolve(release);
    return take(owner, second, maxWaitMs, signal).then(
      (releaseSecond) => () => {
        releaseSecond();
        release();
      },
      (error: unknown) => {
        release();
        throw error;
      },
    );
  }

  function take(owner: TabProcess, name: string, maxWaitMs: number, signal?: AbortSignal): Promise<Release> {
    const queue = queueOf(name);
    const second = `${name}:takeover`;
    if (!owner.isAlive()) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      let stopTimer: Release = () => undefined;
      let holder: TabProcess | undefined;
      let halves = 0;
      const stopWaiting = () => {
        stopTimer();
        signal?.removeEventListener('abort', giveUp);
      };
      const grant = () => {
        stopWaiting();
        owner.run(() => resolve(enter(owner, second, maxWaitMs, () => leave(queue, lock), signal)));
      };
      const giveUp = () => {
        stopWaiting();
        leave(queue, lock);
        reject(signal?.reason as Error);
      };
      const look = () => {
        const before = holder;
        holder = queue[0]?.owner;
        halves = holder === before ? halves + 1 : 0;
        if (halves < 2) return void (stopTimer = owner.setTimer(look, maxWaitMs / 2));
        stopWaiting();
        leave(queue, lock);
        resolve(take(owner, second, maxWaitMs, signal));
      };
      const lock: Lock = { name, owner, grant };
      if (signal?.aborted) return giveUp();
      queue.push(lock);
      if (queue[0] === lock) return grant();
      signal?.addEventListener('abort', giveUp);
      look();
    });
  }

  const isHeld = (name: string) => {
    touch(`lock ${name}`, true);
    return (queues.get(name) ?? []).length > 0;
  };
  const locksOf = (owner: TabProcess) => [...queues.values()].flatMap((queue) => queue.filter((lock) => lock.owner === owner).map((lock) => ({ queue, lock })));

  return {
    take,
    isHeld,
    countOf: (owner) => locksOf(owner).length,
    releaseAll(owner) {
      for (const { queue, lock } of locksOf(owner)) leave(queue, lock);
    },
  };
}
