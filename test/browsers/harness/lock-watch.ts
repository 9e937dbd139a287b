const POLL_MS = 5;

/** The locks of one session key, in all tabs. */
export interface LockWatch {
  readonly untilUnlocked: () => Promise<void>;
  readonly untilWanted: (times: number) => Promise<void>;
  /** Takes a lock, and the takeover lock of tabs whose wait for it has timed out. */
  readonly take: (name: string) => Promise<void>;
  readonly free: () => void;
}

/** Watches the locks whose names begin with a session key. */
export function watchLocks(key: string): LockWatch {
  let free: () => void = () => undefined;
  const freed = () => new Promise<void>((resolve) => (free = resolve));

  async function until(wanted: (held: number, pending: number) => boolean): Promise<void> {
    for (;;) {
      const { held = [], pending = [] } = await navigator.locks.query();
      const ours = (locks: readonly LockInfo[]) => locks.filter(({ name }) => name?.startsWith(`${key}:`)).length;
      if (wanted(ours(held), ours(pending))) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  return {
    untilUnlocked: () => until((held, pending) => held === 0 && pending === 0),
    untilWanted: (times) => until((_, pending) => pending === times),
    take: async (name) => {
      const release = freed();
      const names = [`${key}:${name}`, `${key}:${name}:takeover`];
      await Promise.all(names.map((each) => new Promise<void>((resolve) => void navigator.locks.request(each, () => (resolve(), release)))));
    },
    free: () => free(),
  };
}
