import { revoke } from '../core/endpoint/revocation.ts';
import { invalidConfig } from '../core/model/auth-error.ts';
import { endChange, type RecordChange } from '../core/model/record-change.ts';
import { MAX_DELAY_MS } from '../core/model/refresh-policy.ts';
import type { SignedInRecord } from '../core/model/storage-record.ts';
import { refreshLifetimeMs } from '../core/model/token-life.ts';
import type { TokenSet } from '../core/model/token-set.ts';
import { pause } from '../core/platform/pause.ts';
import type { ClientContext } from '../core/session/client-context.ts';
import type { SessionState, SignedInState } from '../core/model/session-state.ts';
import type { SessionStore } from '../core/session/session-store.ts';
import type { RowStorage } from './row-storage.ts';

/** The longest time between two writes of the activity, ms, and its share of the idle limit. */
const WRITE_MS = 30_000;
const WRITE_SHARE = 1 / 10;

/** How long to wait before the store is read again, ms, if it could not be read at the end of a session. */
const RETRY_MS = 1000;

/** The limits of all sessions. */
export interface SessionLimitOptions {
  /**
   * Ends a session without activity. A request through `proxy`, `of` and `POST …/activity` are activity. A refresh, `…/session`, `…/token` and
   * `…/events` are none. `timeoutMs` is shorter than `idleMs`, so that the store still has the reason. Default: none.
   */
  readonly idle?: { readonly timeoutMs: number } | undefined;
  /** How long a session lasts from its sign-in, ms; shorter than `absoluteMs`. Default: none. */
  readonly maxSessionMs?: number | undefined;
}

/** The checked limits, ms; `Infinity` if there is none. */
export interface SessionLimits {
  readonly timeoutMs: number;
  readonly maxSessionMs: number;
}

/** When a session ends, epoch ms by the store's clock. It has only the ends that are known. */
export interface SessionEnds {
  /** Without activity. */
  readonly idle?: number | undefined;
  /** By `maxSessionMs`, or by what the provider states (`sessionExpiresAt` of the tokens). */
  readonly session?: number | undefined;
  /** The end of the refresh token. A refresh may bring another one before. */
  readonly refreshToken?: number | undefined;
}

/** The limit of one session. */
export interface SessionLimit {
  /** Ends the session if its time is over, after the store was read. Otherwise notes the activity of the request. */
  readonly check: (isActivity: boolean) => Promise<void>;
  /** Whether the time of the session is over, as far as the last read shows. */
  readonly isOver: () => boolean;
  /** How long the session lasts without activity, ms, as far as the last read shows; `Infinity` if it has no limit. */
  readonly leftMs: () => number;
  /** Starts the time of a new session, by the store's clock. */
  readonly begin: () => Promise<void>;
}

/**
 * Checks the limits.
 *
 * @throws AuthError `invalid_config` with the field `idle.timeoutMs` or `maxSessionMs`
 */
export function checkedLimits({ idle, maxSessionMs }: SessionLimitOptions, idleMs: number, absoluteMs: number): SessionLimits {
  if (idle !== undefined && idle !== Object(idle)) throw invalidConfig('idle', 'must be an object, such as { timeoutMs: 900_000 }, or left out');
  return {
    timeoutMs: idle === undefined ? Infinity : duration(idle.timeoutMs, 'idle.timeoutMs', idleMs, 'idleMs'),
    maxSessionMs: maxSessionMs === undefined ? Infinity : duration(maxSessionMs, 'maxSessionMs', absoluteMs, 'absoluteMs'),
  };
}

function duration(value: unknown, field: string, mostMs: number, most: string): number {
  if (!(typeof value === 'number' && value >= 1000 && value <= MAX_DELAY_MS)) throw invalidConfig(field, 'must be a number, a duration of at least 1,000 ms and at most 2,147,483,647 ms');
  if (value >= mostMs) throw invalidConfig(field, `must be shorter than \`${most}\` (${mostMs} ms), because the store has to keep the reason after the end`);
  return value;
}

/** Returns the ends of a session, epoch ms by the store's clock; `Infinity` stands for none. */
function endsIn({ epoch, session }: SignedInRecord, { timeoutMs, maxSessionMs }: SessionLimits): Required<Record<keyof SessionEnds, number>> {
  const { activeAt = Infinity, startedAt = epoch, tokens: { sessionExpiresAt = Infinity }, receipt: { receivedAt, clockOffset, isClockMeasured } } = session;
  const stated = sessionExpiresAt - clockOffset;
  const isBelieved = isClockMeasured === true && stated - receivedAt >= 1000; // An end in the past is a mistake of the provider.
  return {
    idle: activeAt + timeoutMs,
    session: Math.min(startedAt + maxSessionMs, isBelieved ? stated : Infinity),
    refreshToken: isClockMeasured ? receivedAt + refreshLifetimeMs(session) : Infinity,
  };
}

/** Returns the ends that are known; `undefined` if none is. */
export function knownEnds(state: SessionState, limits: SessionLimits): SessionEnds | undefined {
  if (state.status !== 'signedIn') return undefined;
  const known = Object.entries(endsIn(state.record, limits)).filter(([, end]) => end < Infinity);
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

/** The parts of a session that its limit needs. */
interface LimitedSession {
  readonly context: ClientContext;
  readonly store: SessionStore;
  readonly row: RowStorage;
  readonly limits: SessionLimits;
  /** Lets a task finish after the request. */
  readonly lasting: (task: Promise<unknown>) => unknown;
}

/** Creates the limit of one session. It guards the session, so that nothing is sent after the end. */
export function createSessionLimit({ context, store, row, limits, lasting }: LimitedSession): SessionLimit {
  const { platform, protocol, disposed } = context;
  const gapMs = Math.min(WRITE_MS, limits.timeoutMs * WRITE_SHARE);
  const now = () => platform.now().wall;
  let checking: Promise<void> | null = null;

  function leftMs({ record }: SignedInState): number {
    const { idle, session } = endsIn(record, limits);
    return Math.min(idle, session) - now();
  }

  /** Another instance may have noted activity since, so the store is read before the end. Calls wait meanwhile. */
  function guard(state: SessionState, isRead = false): SessionState {
    if (isRead || state.status !== 'signedIn' || leftMs(state) > 0) return state; // After a read, `check` decides.
    checking ??= readAgain();
    return { status: 'loading' };
  }

  function unguarded(): SessionState {
    store.setGuard(null);
    const state = store.getState();
    store.setGuard(guard);
    return state;
  }

  async function readAgain(): Promise<void> {
    const { isRead } = await store.sync();
    if (isRead) await endIfOver();
    else await pause(platform, disposed, RETRY_MS, true);
    checking = null;
    store.publish();
  }

  async function endIfOver(): Promise<void> {
    const state = unguarded();
    if (state.status !== 'signedIn' || leftMs(state) > 0) return;
    const { idle, session } = endsIn(state.record, limits);
    const end = endChange(state.record.session, idle <= session ? 'idle' : 'expired');
    let tokens: TokenSet | null = null;
    await store.write((current) => {
      const next = end(current);
      tokens = next === current ? null : current.session?.tokens ?? null; // Only the instance that ends the session revokes them.
      return next;
    });
    if (tokens) lasting(revoke(context, protocol, tokens));
  }

  function stamp(record: SignedInRecord, at: number): RecordChange {
    return (current) => {
      if (current.status !== 'signedIn' || current.session.sessionId !== record.session.sessionId) return current;
      const { activeAt, startedAt = current.epoch } = current.session;
      if (activeAt !== undefined && Math.abs(at - activeAt) < gapMs) return current;
      return { ...current, session: { ...current.session, activeAt: Math.floor(at), startedAt }, revision: current.revision + 1 };
    };
  }

  store.setGuard(guard);
  return {
    async check(isActivity) {
      await endIfOver();
      const state = unguarded();
      if (state.status !== 'signedIn' || limits.timeoutMs === Infinity) return;
      const { activeAt } = state.record.session;
      // A session that is older than the limit counts from now.
      const isDue = activeAt === undefined || (isActivity && Math.abs(now() - activeAt) >= gapMs);
      if (isDue) lasting(store.write(stamp(state.record, now())));
    },
    isOver() {
      const state = unguarded();
      return state.status === 'signedIn' && leftMs(state) <= 0;
    },
    leftMs() {
      const state = unguarded();
      return state.status === 'signedIn' ? leftMs(state) : Infinity;
    },
    async begin() {
      const state = unguarded();
      if (state.status !== 'signedIn' || (limits.timeoutMs === Infinity && limits.maxSessionMs === Infinity)) return;
      await row.load(); // The answer to the write of a new row has no time, and the clock of this machine may be wrong.
      const at = Math.floor(now());
      await store.write((current) => (current.status === 'signedIn' ? { ...current, session: { ...current.session, activeAt: at, startedAt: at }, revision: current.revision + 1 } : current));
    },
  };
}
