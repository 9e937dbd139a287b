import { createStore, type Store } from './store.ts';

/** Where this tab got its current token from. */
export type TokenOrigin = 'signedInHere' | 'refreshedHere' | 'adopted' | 'found' | 'restored';

/** An event of this tab's log. */
export interface ActivityEvent {
  readonly id: number;
  /** Epoch ms. */
  readonly at: number;
  readonly text: string;
  /** How often it happened in a row. */
  readonly times: number;
}

interface Counts {
  /** Calls made through the client. */
  readonly calls: number;
  /** Calls that the client sent a second time. */
  readonly replays: number;
  /** Refreshes of this tab that brought a new token. */
  readonly refreshes: number;
  /** Refreshes of this tab that brought none. */
  readonly failedRefreshes: number;
  /** New tokens that another tab refreshed. */
  readonly adoptions: number;
}

/** The counts and events of this tab since it was loaded. */
export interface ActivityState extends Counts {
  readonly origin: TokenOrigin | null;
  /** Newest first. */
  readonly events: readonly ActivityEvent[];
}

/** Counts what a tab does and logs its events. */
export interface Activity extends Pick<Store<ActivityState>, 'get' | 'subscribe'> {
  readonly count: (what: keyof Counts) => void;
  readonly log: (text: string, change?: Partial<Pick<ActivityState, 'origin'>>) => void;
}

const KEPT_EVENTS = 3;

/** Creates an empty activity. */
export function createActivity(): Activity {
  const { get, set, subscribe } = createStore<ActivityState>({ calls: 0, replays: 0, refreshes: 0, failedRefreshes: 0, adoptions: 0, origin: null, events: [] });
  let lastId = 0;
  return {
    get,
    subscribe,
    count: (what) => set({ ...get(), [what]: get()[what] + 1 }),
    log(text, change = {}) {
      const { events } = get();
      const [last, ...older] = events;
      const again = last?.text === text;
      const event = { id: again ? last.id : (lastId += 1), at: Date.now(), text, times: again ? last.times + 1 : 1 };
      set({ ...get(), ...change, events: [event, ...(again ? older : events)].slice(0, KEPT_EVENTS) });
    },
  };
}
