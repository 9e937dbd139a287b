import type { StoreAddress } from './types.ts';

/** A real store, and the faults that it can have. */
export interface Proof {
  readonly name: string;
  /** How the instances in turn reach it. */
  readonly addresses: readonly StoreAddress[];
  /** Ends it and starts it again, with its data. */
  readonly restart: () => Promise<void>;
  /** Lets it answer nothing for some ms. */
  readonly pause: (ms: number) => Promise<void>;
  /** Lets it refuse all writes for some ms, as a store without space does. */
  readonly fill: (ms: number) => Promise<void>;
  /** Fails over to a copy that lacks the writes of the last ms. */
  readonly failOver: (ms: number) => Promise<void>;
  /** Removes some of the rows, as a store without space does if it is allowed to. Left out if it never does. */
  readonly evict?: (sessions: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}
