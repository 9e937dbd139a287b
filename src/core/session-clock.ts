import { revoke } from './endpoint/revocation.ts';
import type { ClientDoor } from './inspector.ts';
import type { Instant } from './model/instant.ts';
import { asObject } from './model/json.ts';
import { endChange } from './model/record-change.ts';
import { earliest, limitedEnds, needsStamps, stampChange, stampOf, timesOf, tokenEnd, withActivity, type Limits, type PendingEnd, type SessionTimes } from './model/session-end.ts';
import type { SessionState, SignedInState } from './model/session-state.ts';
import { isPresumed, type SignedInRecord, type SignedOutRecord } from './model/storage-record.ts';
import type { TokenSet } from './model/token-set.ts';
import type { Release, TabChannel } from './platform/platform.ts';
import { pause } from './platform/pause.ts';

/** The shortest time between two writes of the activity, ms, and its share of the idle limit. */
const WRITE_MS = 5000;
const WRITE_SHARE = 1 / 4;

/** How long a tab waits for storage before it ends a session that looks idle, ms. */
const CHECK_MS = 1000;

const LOADING: SessionState = { status: 'loading' };

/** Counts the times of the session over all tabs, and ends it. */
export interface SessionClock {
  /** Notes activity at this moment. */
  readonly touch: () => void;
  /** Returns the ends of the session. */
  readonly ends: (state: SignedInState, at: Instant) => readonly PendingEnd[];
  /** Whether the session looks over, and storage is being read to be sure. */
  readonly isInDoubt: () => boolean;
  /** Resolves when the session is no longer in doubt. */
  readonly whenChecked: () => Promise<void>;
  /** Listens to the activity of other tabs that storage cannot show. */
  readonly listen: (onActivity: () => void) => Release;
  readonly dispose: Release;
}

/** Creates the clock of one client, which guards its store. */
export function createSessionClock(door: ClientDoor, limits: Limits): SessionClock {
  const { platform, store, disposed } = door;
  let times: SessionTimes | null = null;
  let checking: Promise<void> | null = null;

  function endsOf({ record }: SignedInState, at: Instant): readonly PendingEnd[] {
    times = timesOf(record.session, at, times);
    return limitedEnds(times, limits, at);
  }

  /** Storage is read before the end, because this tab may have been frozen while the user was active in another one. Calls wait meanwhile. */
  function guard(state: SessionState, isRead = false): SessionState {
    if (state.status !== 'signedIn' || isPresumed(state.record.session)) return state;
    const { cause, leftMs } = earliest(endsOf(state, platform.now()));
    if (leftMs > 0) return state;
    if (isRead) return { status: 'signedOut', record: finish(state.record, cause) };
    checking ??= check();
    return LOADING;
  }

  async function check(): Promise<void> {
    await Promise.race([store.sync(), pause(platform, disposed, CHECK_MS, true)]);
    checking = null;
    if (disposed.aborted) return;
    store.setGuard(null);
    const state = store.getState();
    store.setGuard(guard);
    const over = state.status === 'signedIn' ? earliest(endsOf(state, platform.now())) : null;
    if (state.status === 'signedIn' && over && over.leftMs <= 0) store.adopt(finish(state.record, over.cause));
    else store.publish(); // Calls wait for this.
  }

  function finish(record: SignedInRecord, cause: PendingEnd['cause']): SignedOutRecord {
    const ended = endedRecord(record, cause === 'idle' ? 'idle' : 'expired', door.protocol.refreshCookie !== undefined, door.protocol.keptAtSignOut?.(record.session.tokens));
    void Promise.resolve().then(() => storeEnd(door, record));
    return ended;
  }

  store.setGuard(guard);
  const stamps = createStamps(door, limits, () => times);
  return {
    touch: () => {
      if (!times) return;
      const at = platform.now();
      times = withActivity(times, Math.floor(at.wall), at);
      if (limits.idleMs < Infinity) stamps.writeSoon();
    },
    ends(state, at) {
      const limited = endsOf(state, at);
      stamps.check(at);
      return [...limited, tokenEnd(state, at)];
    },
    listen: (onActivity) => stamps.listen((stamp) => {
      if (times) times = withActivity(times, stamp, platform.now());
      onActivity();
    }),
    isInDoubt: () => checking !== null,
    whenChecked: async () => {
      store.getState();
      await checking;
    },
    dispose() {
      store.setGuard(null);
      stamps.dispose();
    },
  };
}

/** Returns the record of a session that has ended. If the refresh token is in a cookie, the API has to remove that. */
function endedRecord(record: SignedInRecord, reason: 'idle' | 'expired', isInCookie: boolean, endedExtra: SignedOutRecord['endedExtra']): SignedOutRecord {
  const { pendingAttemptId, pendingSince } = record;
  const ended = endChange(record.session, reason)(record) as SignedOutRecord;
  return isInCookie ? { ...ended, clearing: true, pendingAttemptId, pendingSince, endedExtra } : ended;
}

/** Stores the end of a session, and revokes its tokens. If several tabs end it at the same time, the first one revokes them. */
async function storeEnd(door: ClientDoor, { session: { sessionId, tokens: known } }: SignedInRecord): Promise<void> {
  let tokens: TokenSet | null = null;
  await door.store.write((current, stored) => {
    tokens = stored && stored.session?.sessionId !== sessionId ? null : stored?.session?.tokens ?? known;
    return current;
  });
  if (door.protocol.refreshCookie) return door.removeCookie(tokens);
  if (tokens) await revoke(door, door.protocol, tokens);
}

/** Writes the times of the session for the other tabs, and for pages that load later. */
function createStamps({ platform, store, key, disposed, observers }: ClientDoor, limits: Limits, timesNow: () => SessionTimes | null) {
  const { idleMs, sessionMs } = limits;
  const gapMs = Math.min(WRITE_MS, idleMs * WRITE_SHARE);
  let writtenAt = -Infinity;
  let cancel: Release | null = null;
  let channel: TabChannel | null = null;

  function write(): void {
    cancel = null;
    const at = platform.now();
    writtenAt = at.monotonic;
    const noted = timesNow();
    if (noted && idleMs < Infinity) observers.emit({ type: 'activityNoted', sessionId: noted.sessionId, endsAt: Math.round(at.wall + earliest(limitedEnds(noted, limits, at)).leftMs) });
    void store.write((current) => stampChange(timesNow(), platform.now())(current)).then(({ stored }) => {
      const times = timesNow();
      if (!stored && times) channel?.post({ sessionId: times.sessionId, activeAt: stampOf(times.active, platform.now()) });
    });
  }

  function writeSoon(): void {
    if (cancel || disposed.aborted) return;
    const waitMs = writtenAt + gapMs - platform.now().monotonic;
    if (waitMs > 0) cancel = platform.setTimer(write, waitMs, true);
    else write();
  }

  return {
    writeSoon,
    /** Writes the stamps if the session has none, or if the clock was set back, because a page that loads could not read them. */
    check(at: Instant): void {
      const times = timesNow();
      if (!times || (idleMs === Infinity && sessionMs === Infinity)) return;
      if (needsStamps(times, at)) writeSoon();
    },
    listen(onStamp: (stamp: number) => void): Release {
      channel = platform.openChannel?.(`${key}:active`, (message) => {
        const { sessionId, activeAt } = asObject(message) ?? {};
        if (typeof activeAt === 'number' && sessionId === timesNow()?.sessionId) onStamp(activeAt);
      }) ?? null;
      return () => {
        channel?.close();
        channel = null;
      };
    },
    dispose: () => cancel?.(),
  };
}
