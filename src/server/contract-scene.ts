import type { NewRow, NextRow, SessionRow, SessionStore } from './store.ts';

/** What one rule of the contract works with. Its keys and its user belong to it. */
export interface Scene {
  readonly store: SessionStore;
  /** A second store with the same rows, as another instance has it. */
  readonly other: SessionStore;
  readonly key: string;
  readonly otherKey: string;
  readonly subject: string;
  readonly wait: (ms: number) => Promise<void>;
  /** A clock to measure how long a step took, ms. */
  readonly clock: () => number;
}

/** A sentence of the contract, and a check that resolves to what is wrong, or to `null` if the store keeps the rule. */
export type Rule = readonly [sentence: string, findProblem: (scene: Scene) => Promise<string | null>];

/** How long the rows of a check live, ms. It is short, so that a check that fails leaves nothing behind. */
export const LIFE_MS = 60_000;

/** How long a lease lasts if its end does not matter, ms. */
export const LEASE_MS = 30_000;

/** Creates the row of a new session. */
export function newRow(changes: Partial<NewRow> = {}): NewRow {
  return { text: 'the first text', etag: 'etag-1', subject: null, idleMs: LIFE_MS, absoluteMs: LIFE_MS, ...changes };
}

/** Creates the next version of a row. */
export function nextRow(etag: string, changes: Partial<NextRow> = {}): NextRow {
  return { text: `the text of ${etag}`, etag, lease: null, isEnded: false, ...changes };
}

/** Creates a lease of an owner. */
export function leaseOf(owner: string, leftMs = LEASE_MS): NextRow['lease'] {
  return { owner, leftMs };
}

/** Reads the row of a scene. */
export function readRow({ store, key }: Pick<Scene, 'store' | 'key'>): Promise<SessionRow | null> {
  return store.read(key, LIFE_MS);
}

/** Returns what can be compared of a row: not its times. */
export function contentOf(row: SessionRow | null): object | null {
  return row && { text: row.text, etag: row.etag, owner: row.lease && row.lease.owner };
}

/** Compares what a store has done with what the contract says. */
export function difference(what: string, found: unknown, right: unknown): string | null {
  const [foundText, rightText] = [JSON.stringify(found), JSON.stringify(right)];
  return foundText === rightText ? null : `${what} is ${foundText?.slice(0, 200)}, and must be ${rightText?.slice(0, 200)}`;
}
