import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { AuthError, invalidConfig } from '../core/model/auth-error.ts';
import { nameOf } from '../core/model/foreign-error.ts';
import { asObject, parseObject } from '../core/model/json.ts';
import { createFileVersions, type Version } from './file-versions.ts';
import { serverPlatform } from './server-platform.ts';
import type { Lease, SessionEntry, SessionRow, SessionStore, Write } from './store.ts';

/** How often sessions that are over are removed, at a sign-in, ms. */
const SWEEP_EVERY_MS = 60_000;

/** How often a write is tried again because another process was faster. */
const MOST_TRIES = 500;

/** How much more than its time a lease may seem to last, ms. If it is more, the clock was set back, and the lease is over. */
const TOLERANCE_MS = 1000;

interface Kept {
  readonly key: string;
  readonly text: string;
  readonly etag: string;
  readonly lease: { readonly owner: string; readonly until: number; readonly givenMs: number } | null;
  readonly subject: string | null;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly expiresAt: number;
  readonly endsAt: number;
  readonly isRemoved: boolean;
}

/** What a change makes of a row; `null` if it leaves the row as it is. */
type Change = (row: Kept, now: number) => Kept | null;

/**
 * Keeps the sessions in files, for command-line tools on one machine. Each session has a folder of its own.
 *
 * Processes may use the same directory at the same time. They need no lock, so one that is killed or paused blocks no other. Only
 * the owner of the files can read them (modes 0600 and 0700). Times are those of the machine's clock.
 *
 * The file system must have hard links, as all usual ones of Linux, macOS and Windows do, except FAT.
 *
 * @param directory the path of a directory for the sessions only; it is created at the first sign-in
 * @throws AuthError `invalid_config` with the field `directory`. The methods reject with `storage_unavailable` if the directory
 * cannot be read or written
 * @example
 * ```ts
 * import { homedir } from 'node:os';
 * import { join } from 'node:path';
 * import { oauth2 } from 'unexpired/oauth2';
 * import { createSessions } from 'unexpired/server';
 * import { file } from 'unexpired/server/file';
 * const directory = join(homedir(), '.config/my-tool/sessions');
 * const protocol = oauth2({ tokenEndpoint: 'https://id.example.com/oauth/token', clientId: 'my-app', resourceOrigins: ['https://api.example.com'] });
 * const sessions = createSessions({ protocol, store: file(directory), secrets: ['a-secret-of-at-least-32-characters-1'] });
 * ```
 */
export function file(directory: string): SessionStore {
  if (typeof directory !== 'string' || directory === '') throw invalidConfig('directory', 'must be the path of a directory for the sessions');
  const versions = createFileVersions(resolve(directory));
  const platform = serverPlatform();
  const now = () => platform.now().wall;
  let sweepAt = 0;

  /** Changes the row that is live, until no other process was faster. Returns it as it was, and whether it is changed. */
  async function change(folder: string, apply: Change): Promise<{ readonly isDone: boolean; readonly row: Kept | null }> {
    for (let run = 0; run < MOST_TRIES; run += 1) {
      const version = await versions.latest(folder);
      const row = liveRow(version, now());
      const next = row && apply(row, now());
      if (!version || !next) return { isDone: false, row };
      if (!(await versions.add(folder, version.number, JSON.stringify(next)))) continue;
      if (next.isRemoved) await versions.discard(folder);
      return { isDone: true, row: next };
    }
    throw Object.assign(new Error('It changes all the time.'), { code: 'EBUSY' });
  }

  async function write(key: string, ifMatch: string, apply: Change): Promise<Write> {
    const { isDone, row } = await change(folderOf(key), (current, at) => (current.etag === ifMatch ? apply(current, at) : null));
    return isDone ? { isDone } : { isDone, row: seen(row, now()) };
  }

  async function insert(row: Kept): Promise<boolean> {
    const [folder, text] = [folderOf(row.key), JSON.stringify(row)];
    // Numbers begin at the time, so that a writer who was paused before the folder was removed cannot add to the new one.
    if (await versions.create(folder, { number: Math.floor(row.createdAt), text })) return true;
    const version = await versions.latest(folder);
    if (!version || liveRow(version, now()) || keptOf(version).isRemoved) return false;
    return versions.add(folder, version.number, text);
  }

  async function sweep(): Promise<void> {
    if (now() < sweepAt) return;
    sweepAt = now() + SWEEP_EVERY_MS;
    for (const folder of await versions.folders()) {
      const version = await versions.latest(folder);
      if (!version || liveRow(version, now())) continue;
      const row = keptOf(version);
      if (row.isRemoved || (await versions.add(folder, version.number, JSON.stringify({ ...row, isRemoved: true })))) await versions.discard(folder);
    }
    await versions.tidy(now() - SWEEP_EVERY_MS);
  }

  async function list(subject: string): Promise<SessionEntry[]> {
    const rows = await Promise.all((await versions.folders()).map(async (folder) => liveRow(await versions.latest(folder), now())));
    return rows.flatMap((row) => (row?.subject === subject ? [{ key: row.key, createdAt: row.createdAt, usedAt: row.usedAt }] : []));
  }

  return {
    name: 'file',
    insert: (key, { text, etag, subject, idleMs, absoluteMs }) => guarded(async () => {
      await sweep();
      const at = now();
      const isDone = await insert({ key, text, etag, lease: null, subject, createdAt: at, usedAt: at, expiresAt: at + Math.min(idleMs, absoluteMs), endsAt: at + absoluteMs, isRemoved: false });
      if (!isDone) throw new AuthError('storage_unavailable', 'There is a session with this key already.');
    }),
    read: (key, idleMs) => guarded(async () => {
      const { row } = await change(folderOf(key), (current, at) => (at - current.usedAt < idleMs / 20 ? null : { ...current, usedAt: at, expiresAt: Math.min(at + idleMs, current.endsAt) }));
      return seen(row, now());
    }),
    replace: (key, ifMatch, { text, etag, lease, isEnded }) => guarded(() => write(key, ifMatch, (row, at) => ({ ...row, text, etag, lease: lease && given(lease.owner, lease.leftMs, at), subject: isEnded ? null : row.subject }))),
    remove: (key, ifMatch) => guarded(() => write(key, ifMatch, (row) => ({ ...row, isRemoved: true }))),
    extend: (key, owner, leaseMs) => guarded(async () => {
      const { isDone } = await change(folderOf(key), (row, at) => (leaseOf(row, at)?.owner === owner ? { ...row, lease: leaseMs > 0 ? given(owner, leaseMs, at) : null } : null));
      return isDone;
    }),
    list: (subject) => guarded(() => list(subject)),
    close: async () => undefined,
  };
}

/** A key may have any characters, and some file systems do not distinguish `a` from `A`. */
function folderOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function keptOf({ text }: Version): Kept {
  const row = asObject(parseObject(text));
  if (typeof row?.['etag'] !== 'string') throw new AuthError('storage_unavailable', 'The directory of the sessions has a file that this store has not written. Give the store a directory of its own.');
  return row as unknown as Kept;
}

function liveRow(version: Version | null, now: number): Kept | null {
  const row = version && keptOf(version);
  return row && !row.isRemoved && now < row.expiresAt ? row : null;
}

function seen(row: Kept | null, at: number): SessionRow | null {
  return row && { text: row.text, etag: row.etag, lease: leaseOf(row, at), at };
}

function given(owner: string, givenMs: number, at: number): Kept['lease'] {
  return { owner, until: at + givenMs, givenMs };
}

function leaseOf({ lease }: Kept, at: number): Lease | null {
  const leftMs = lease ? lease.until - at : 0;
  return lease && leftMs > 0 && leftMs <= lease.givenMs + TOLERANCE_MS ? { owner: lease.owner, leftMs } : null;
}

/** Names an error of the file system by its code, because its message has the path. */
async function guarded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (AuthError.is(error)) throw error;
    const { code } = Object(error) as { readonly code?: unknown };
    const name = typeof code === 'string' && /^E[A-Z0-9]{2,15}$/.test(code) ? code : nameOf(error);
    throw new AuthError('storage_unavailable', `The directory of the sessions cannot be used (${name}). ${HINTS[name] ?? 'Check that this user may write to it.'}`, { transient: true });
  }
}

const HINTS: Readonly<Record<string, string>> = {
  EBUSY: 'Other processes change it all the time. Try again.',
  ENOSPC: 'The disk is full.',
  ENOTSUP: 'Its file system has no hard links. Choose another directory.',
  EOPNOTSUPP: 'Its file system has no hard links. Choose another directory.',
  EPERM: 'Its file system has no hard links, or this user may not write to it. Choose another directory.',
};
