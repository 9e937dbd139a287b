/** How this tab came by the token that it uses now. */
export type TokenOrigin = 'signedInHere' | 'refreshedHere' | 'adopted' | 'found';

/** Something that happened in this tab. */
export interface ActivityEvent {
  readonly id: number;
  /** Epoch ms. */
  readonly at: number;
  readonly text: string;
  /** How often it happened in a row. */
  readonly times: number;
}

/** What this tab has done since it was loaded. */
export interface ActivityState {
  /** Calls made through the client. */
  readonly calls: number;
  /** Calls that the client sent a second time. */
  readonly replays: number;
  /** Refreshes that this tab asked the API for. */
  readonly refreshRequests: number;
  /** New tokens that another tab had asked for. */
  readonly adoptions: number;
  readonly origin: TokenOrigin | null;
  /** The newest first. */
  readonly events: readonly ActivityEvent[];
}

type Counter = 'calls' | 'replays' | 'refreshRequests' | 'adoptions';

/** A store of what happens, for `useSyncExternalStore`. */
export interface Activity {
  readonly get: () => ActivityState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly add: (counts: Partial<Record<Counter, number>>) => void;
  readonly tell: (text: string, change?: Partial<Pick<ActivityState, 'origin'>>) => void;
}

const KEPT_EVENTS = 5;

/** Creates an empty activity. */
export function createActivity(): Activity {
  const listeners = new Set<() => void>();
  let lastId = 0;
  let state: ActivityState = { calls: 0, replays: 0, refreshRequests: 0, adoptions: 0, origin: null, events: [] };

  function set(next: ActivityState): void {
    state = next;
    for (const listener of [...listeners]) listener();
  }

  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    add({ calls = 0, replays = 0, refreshRequests = 0, adoptions = 0 }) {
      set({
        ...state,
        calls: state.calls + calls,
        replays: state.replays + replays,
        refreshRequests: state.refreshRequests + refreshRequests,
        adoptions: state.adoptions + adoptions,
      });
    },
    tell(text, change = {}) {
      const [last, ...older] = state.events;
      const again = last?.text === text;
      const event = { id: again ? last.id : (lastId += 1), at: Date.now(), text, times: again ? last.times + 1 : 1 };
      set({ ...state, ...change, events: [event, ...(again ? older : state.events)].slice(0, KEPT_EVENTS) });
    },
  };
}
