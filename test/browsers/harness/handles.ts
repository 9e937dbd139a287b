/** The resources that this page holds: timers that will fire, open channels, and locks. */
export interface Handles {
  readonly timers: number;
  readonly channels: number;
  readonly locks: number;
}

/** Counts timers and channels from now on. Call it before any code uses them. */
export function countHandles(): () => Promise<Handles> {
  const timers = liveTimers();
  const channels = openChannels();
  return async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return { timers: timers(), channels: channels(), locks: held.length + pending.length };
  };
}

function liveTimers(): () => number {
  const live = new Set<number>();
  const set = window.setTimeout.bind(window);
  const clear = window.clearTimeout.bind(window);
  const counted = (callback: () => void, delayMs?: number) => {
    const id = set(() => {
      live.delete(id);
      callback();
    }, delayMs);
    live.add(id);
    return id;
  };
  window.setTimeout = counted as unknown as typeof window.setTimeout;
  window.clearTimeout = (id) => {
    live.delete(Number(id));
    clear(id);
  };
  return () => live.size;
}

function openChannels(): () => number {
  let open = 0;
  window.BroadcastChannel = class extends BroadcastChannel {
    #open = true;

    constructor(name: string) {
      super(name);
      open += 1;
    }

    override close(): void {
      if (this.#open) open -= 1;
      this.#open = false;
      super.close();
    }
  };
  return () => open;
}
