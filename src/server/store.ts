import type { Release } from '../core/platform/platform.ts';

/**
 * The right of one attempt to refresh a session, for a limited time by the store's clock.
 *
 * A lease belongs to its owner. Only the owner extends it or gives it back. It ends by itself when its time is over, so an
 * instance that dies blocks no other for long.
 */
export interface Lease {
  /** Names the attempt that holds the lease. */
  readonly owner: string;
  /** How long the lease still lasts, ms, more than 0. */
  readonly leftMs: number;
}

/** The row of one session, as the store has it now. */
export interface SessionRow {
  /** The encrypted record of the session. */
  readonly text: string;
  /** Names this version of the row. Each write brings another one. */
  readonly etag: string;
  /** The lease that lasts now, or `null`. A lease whose time is over is `null`. */
  readonly lease: Lease | null;
  /** The store's clock when the row was read, epoch ms. Instances follow this clock, so theirs may differ. */
  readonly at: number;
}

/** The row of a new session. */
export interface NewRow {
  readonly text: string;
  readonly etag: string;
  /** The user, as `list` finds them; `null` if the tokens do not name one. */
  readonly subject: string | null;
  /** How long the row lives without a read, ms. */
  readonly idleMs: number;
  /** How long the row lives at most, ms. */
  readonly absoluteMs: number;
}

/** The next version of a row. */
export interface NextRow {
  readonly text: string;
  readonly etag: string;
  /** The lease that begins with this write; `null` if the row has none from now on. */
  readonly lease: Lease | null;
  /** Whether the session is over. `list` leaves it out from now on. */
  readonly isEnded: boolean;
}

/** What a conditional write found. */
export type Write =
  | { readonly isDone: true }
  /** Another version was there, or no row (`null`). Nothing was written. */
  | { readonly isDone: false; readonly row: SessionRow | null };

/** A session of one user. */
export interface SessionEntry {
  /** The key of the row. It is a hash, from which no cookie can be made. */
  readonly key: string;
  /** When the session started, epoch ms by the store's clock. */
  readonly createdAt: number;
  /** When the session was last used, epoch ms by the store's clock. It may be up to a twentieth of `idleMs` too early. */
  readonly usedAt: number;
}

/**
 * The store of all sessions, which all instances share. Each method is one atomic step and, if possible, one round trip.
 *
 * A method rejects if the store cannot be reached. It never resolves to `null` then, because `null` means that the session is
 * over. Times are measured by the store's clock, so the clocks of the instances do not matter.
 *
 * `checkStoreContract` of `unexpired/server/testing` checks a store of your own.
 */
export interface SessionStore {
  /** Names the store in messages, such as `redis`. */
  readonly name: string;
  /**
   * Adds the row of a new session.
   *
   * @throws if there is a row with this key
   */
  readonly insert: (key: string, row: NewRow) => Promise<void>;
  /**
   * Reads a row, and lets it live for `idleMs` from now, but not beyond its `absoluteMs`.
   *
   * A store may extend the life only if at least a twentieth of `idleMs` has passed, which saves writes.
   *
   * @returns `null` if there is none, or if its life is over
   */
  readonly read: (key: string, idleMs: number) => Promise<SessionRow | null>;
  /**
   * Replaces a row if its `etag` is still `ifMatch`. A row that is gone is not written again.
   *
   * A row with another `etag` stays as it is, with its life. An empty `ifMatch`, which no row has, reads a row without letting it live longer.
   */
  readonly replace: (key: string, ifMatch: string, next: NextRow) => Promise<Write>;
  /** Removes a row if its `etag` is still `ifMatch`. */
  readonly remove: (key: string, ifMatch: string) => Promise<Write>;
  /**
   * Lets a lease last for `leaseMs` from now; 0 gives it back. The `etag` stays.
   *
   * @returns false if this owner has no lease, or no longer; then nothing changes
   */
  readonly extend: (key: string, owner: string, leaseMs: number) => Promise<boolean>;
  /** Returns the sessions of a user that are not over. */
  readonly list: (subject: string) => Promise<readonly SessionEntry[]>;
  /**
   * Calls back soon after a lease of the row is given back, or the row is removed or replaced without a lease, by any
   * instance. A call may be lost, so it only shortens waits. Leave it out if the store cannot do that.
   */
  readonly watch?: (key: string, onChange: () => void) => Release;
  /** Releases what the store itself has opened, such as a connection for messages. The app's own client stays open. */
  readonly close: () => Promise<void>;
}
