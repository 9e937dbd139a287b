import type { RequestTurn, TokenEndpoint } from '../endpoint/token-endpoint.ts';
import { disposedError, throwIfDisposed } from '../model/auth-error.ts';
import { noteSignInChange } from '../model/record-change.ts';
import type { TokenSet } from '../model/token-set.ts';
import { pause } from '../platform/pause.ts';
import type { Platform, Release } from '../platform/platform.ts';
import { takeLock, withLock } from '../platform/with-lock.ts';
import type { ClientContext } from './client-context.ts';
import type { SessionStore } from './session-store.ts';

/** How long a tab waits for its turn, ms. An attempt that is running has an answer before that, or has given it up. */
const TURN_MS = 36_000;

/**
 * How long the request of a closed tab may take, ms. It survives the tab, and its answer still sets the cookie. Calls wait a bit longer than
 * this, so that they get the tokens of the next attempt.
 */
const ORPHAN_MS = 8000;

/** A request that is sent this soon after its tab has asked for its turn has an answer before another tab takes over. */
const PROMPT_MS = 1000;

/**
 * Runs a task when no tab has a request in flight that sends or sets the cookie of the refresh token.
 *
 * Two such requests could carry the same cookie, and an answer that comes late could replace a newer cookie. If the refresh token is not in
 * a cookie, the task runs at once.
 *
 * With an `attemptId`, the task is noted in storage. A task that notes its request itself, or needs no note, has none.
 */
export type HoldJar = <T>(task: () => Promise<T>, attemptId?: string) => Promise<T>;

/** Creates the lock of the cookie, which is one for all sessions of a client key. */
export function createHoldJar({ platform, key, disposed, requestTurn }: ClientContext, store: SessionStore): HoldJar {
  /** Waits for the request of a tab that was closed. The lock of such a tab is free, and its note is in the record. A sign-out has none. */
  async function untilQuiet(): Promise<string | null> {
    await store.sync();
    const state = store.getState();
    const { pendingAttemptId = null, pendingSince = 0 } = state.status === 'loading' ? {} : state.record;
    const leftMs = pendingAttemptId ? Math.min(ORPHAN_MS, pendingSince + ORPHAN_MS - platform.now().wall) : 0;
    if (leftMs > 0) await pause(platform, disposed, leftMs);
    return pendingAttemptId;
  }

  async function isNoted(attemptId: string): Promise<boolean> {
    const change = noteSignInChange(await untilQuiet(), attemptId, platform.now().wall);
    return (await store.write(change)).record.pendingAttemptId === attemptId;
  }

  async function quietly<T>(task: () => Promise<T>, attemptId?: string): Promise<T> {
    if (!attemptId) return untilQuiet().then(task);
    // Without locks, other tabs may note a request at the same time, or during the wait.
    for (let tries = 0; tries < 4 && !(await isNoted(attemptId)); tries++);
    return task().finally(() => store.write(noteSignInChange(attemptId, null)));
  }

  let former: AbortSignal | null = null;
  const ends = new Set<() => void>();
  // One listener for all tasks, because Node warns of a leak if a signal has more than ten.
  disposed.addEventListener('abort', () => ends.forEach((end) => end()));

  /**
   * Runs the tasks of this tab one after the other. Locks show only the tab that holds them, so the next task of a tab would look like a
   * task that never ends. A signal that is aborted stands for a task that is over.
   */
  async function inTab<T>(task: () => Promise<T>): Promise<T> {
    const before = former;
    const own = new AbortController();
    const end = () => own.abort();
    former = own.signal;
    ends.add(end);
    try {
      const half = () => before && pause(platform, before, TURN_MS / 2);
      await half();
      await half(); // A tab that was frozen still waits for its own request after it resumes.
      return await task();
    } finally {
      end();
      ends.delete(end);
    }
  }

  return (task, attemptId) => {
    return inTab(() => {
      requestTurn?.begin();
      return withLock(platform, `${key}:cookie`, TURN_MS, disposed, () => quietly(task, attemptId));
    });
  };
}

/**
 * Creates the turn of a tab, and the lock of its request.
 *
 * If a tab is frozen, or its storage is slow, its turn is over for the other tabs after some time. Another tab then takes over, although the
 * first one may go on. The lock makes the two send their requests one after the other.
 */
export function createRequestTurn(platform: Platform, key: string, disposed: AbortSignal): RequestTurn {
  const now = () => platform.now().monotonic; // It may stop while the device sleeps, but no tab takes over then.
  let askedAt = 0;

  async function lock(): Promise<Release | undefined> {
    if (now() - askedAt < PROMPT_MS) return;
    const release = await takeLock(platform, `${key}:request`, TURN_MS, disposed);
    if (!disposed.aborted) return release;
    release();
    throw disposedError();
  }

  return { begin: () => void (askedAt = now()), lock };
}

/** Creates the function that runs a sign-in when it is its turn. The turn lasts until no late answer can set the cookie. */
export function createSignInTurn({ platform, askTokenEndpoint, disposed }: ClientContext, holdJar: HoldJar) {
  return (start: (ask: TokenEndpoint) => Promise<TokenSet>): Promise<TokenSet> => {
    let late: Promise<unknown> | null = null;
    const ask: TokenEndpoint = async (...request) => {
      const asked = await askTokenEndpoint(...request);
      late = asked.late;
      return asked;
    };
    return new Promise((resolve, reject) => {
      const turn = async () => {
        throwIfDisposed(disposed); // It may have waited for its turn.
        await start(ask).then(resolve, reject);
        await late;
      };
      holdJar(turn, platform.randomId()).catch(reject);
    });
  };
}
