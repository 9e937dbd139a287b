import { AuthError } from '../core/model/auth-error.ts';
import type { Platform, Release } from '../core/platform/platform.ts';
import { serverPlatform } from './server-platform.ts';
import type { Lease, NewRow, SessionEntry, SessionRow, SessionStore, Write } from './store.ts';

const SWEEP_EVERY_MS = 60_000;

interface Kept {
  text: string;
  etag: string;
  lease: { readonly owner: string; readonly until: number } | null;
  subject: string | null;
  readonly createdAt: number;
  usedAt: number;
  idleUntil: number;
  readonly endsAt: number;
}

/**
 * Keeps the sessions in the memory of this process. It is the default.
 *
 * A restart signs all users out, and a second instance sees none of the sessions. So it is for development, for tests, and
 * for an app that runs as one process. A framework that loads a module several times, as Next does, has several memories.
 *
 * @param platform its clock measures all times; default: the clock of the process
 * @example
 * ```ts
 * import { createSessions, memory } from 'unexpired/server';
 * import { oauth2 } from 'unexpired/oauth2';
 * const protocol = oauth2({ resourceOrigins: ['https://api.example.com'], tokenEndpoint: 'https://auth.example.com/token', clientId: 'web' });
 * const sessions = createSessions({ protocol, store: memory(), secrets: ['a-secret-of-at-least-32-characters-1'] });
 * ```
 */
export function memory(platform: Pick<Platform, 'now'> = serverPlatform()): SessionStore {
  const rows = new Map<string, Kept>();
  const watchers = new Map<string, Set<() => void>>();
  const now = () => platform.now().monotonic;
  const origin = platform.now();
  let sweepAt = 0;

  function live(key: string): Kept | null {
    const row = rows.get(key);
    if (!row) return null;
    if (now() < Math.min(row.idleUntil, row.endsAt)) return row;
    rows.delete(key);
    return null;
  }

  function seen(row: Kept | null): SessionRow | null {
    return row && { text: row.text, etag: row.etag, lease: leaseOf(row), at: platform.now().wall };
  }

  function leaseOf({ lease }: Kept): Lease | null {
    const leftMs = lease ? lease.until - now() : 0;
    return lease && leftMs > 0 ? { owner: lease.owner, leftMs } : null;
  }

  function announce(key: string): void {
    for (const onChange of [...(watchers.get(key) ?? [])]) onChange();
  }

  function change(key: string, ifMatch: string, apply: (row: Kept) => void): Write {
    const row = live(key);
    if (row?.etag !== ifMatch) return { isDone: false, row: seen(row) };
    apply(row);
    if (!row.lease || !rows.has(key)) announce(key);
    return { isDone: true };
  }

  /** Drops the rows of users who never come back. It runs at a sign-in, once a minute at most, so no timer is needed. */
  function sweep(): void {
    if (now() < sweepAt) return;
    sweepAt = now() + SWEEP_EVERY_MS;
    for (const key of [...rows.keys()]) live(key);
  }

  return {
    name: 'memory',
    async insert(key: string, { text, etag, subject, idleMs, absoluteMs }: NewRow) {
      sweep();
      if (live(key)) throw new AuthError('storage_unavailable', 'There is a session with this key already.');
      const at = now();
      rows.set(key, { text, etag, lease: null, subject, createdAt: at, usedAt: at, idleUntil: at + idleMs, endsAt: at + absoluteMs });
    },
    async read(key, idleMs) {
      const row = live(key);
      if (row) Object.assign(row, { usedAt: now(), idleUntil: now() + idleMs });
      return seen(row);
    },
    async replace(key, ifMatch, { text, etag, lease, isEnded }) {
      return change(key, ifMatch, (row) => {
        Object.assign(row, { text, etag, lease: lease && { owner: lease.owner, until: now() + lease.leftMs } });
        if (isEnded) row.subject = null;
      });
    },
    async remove(key, ifMatch) {
      return change(key, ifMatch, () => void rows.delete(key));
    },
    async extend(key, owner, leaseMs) {
      const row = live(key);
      if (!row || leaseOf(row)?.owner !== owner) return false;
      row.lease = leaseMs > 0 ? { owner, until: now() + leaseMs } : null;
      if (!row.lease) announce(key);
      return true;
    },
    async list(subject) {
      const wall = (at: number) => Math.round(origin.wall + at - origin.monotonic);
      return [...rows].filter(([key, row]) => row.subject === subject && live(key)).map(([key, row]): SessionEntry => ({ key, createdAt: wall(row.createdAt), usedAt: wall(row.usedAt) }));
    },
    watch(key, onChange): Release {
      const own = watchers.get(key) ?? new Set();
      watchers.set(key, own.add(onChange));
      return () => {
        own.delete(onChange);
        if (own.size === 0) watchers.delete(key);
      };
    },
    close: async () => undefined,
  };
}
