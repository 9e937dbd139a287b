import { notify } from './events/notify.ts';
import type { ClientDoor } from './inspector.ts';
import type { Instant } from './model/instant.ts';
import { clampDelay, stepMs } from './model/refresh-policy.ts';
import { earliest, type Limits, type PendingEnd, type SessionEnd } from './model/session-end.ts';
import { isPresumed } from './model/storage-record.ts';
import { runOwnCode } from './platform/own-code.ts';
import type { Release } from './platform/platform.ts';
import type { ActivitySource } from './session-activity.ts';
import { createSessionClock } from './session-clock.ts';

/** How far two readings of the same end may differ, ms. */
const END_GRAIN_MS = 1000;

/** What the watch of a session needs. */
export interface WatchOptions {
  readonly limits: Limits;
  /** `null` if activity does not matter. */
  readonly activity: ActivitySource | null;
  readonly countsAsActivity: (event: Event) => boolean;
}

/** Watches the end of a client's session. */
export interface SessionWatch {
  readonly getEnd: () => SessionEnd | null;
  readonly subscribe: (listener: () => void) => Release;
  /** Counts as activity, unless the session is over. */
  readonly touch: () => void;
  /** Resolves when it is known whether the session is over. */
  readonly whenChecked: () => Promise<void>;
  readonly dispose: Release;
}

/** Creates the watch of one client. It is the guard of its store until it is disposed. */
export function createSessionWatch(door: ClientDoor, { limits, activity, countsAsActivity }: WatchOptions): SessionWatch {
  const { platform, store, disposed } = door;
  const listeners = new Set<() => void>();
  const clock = createSessionClock(door, limits);
  let leave: Release | null = null;
  let cancelTick: Release | null = null;
  let end: SessionEnd | null = null;

  function onEvent(event: Event): void {
    if (runOwnCode(platform, () => countsAsActivity(event), () => false)) touch();
  }

  /** The check comes first, because the event that wakes a device must not save a session that is over. */
  function touch(): void {
    if (store.getState().status !== 'signedIn') return;
    clock.touch();
    update();
  }

  /** While no user is signed in, the page has no listener and no timer. */
  function enter(): Release {
    const releases = [activity?.(onEvent), platform.onWake(update), activity && clock.listen(update)];
    return () => releases.forEach((release) => release?.());
  }

  function update(): void {
    const state = store.getState();
    if (clock.isInDoubt()) return;
    cancelTick?.();
    cancelTick = null;
    if (state.status !== 'signedIn' || isPresumed(state.record.session)) {
      leave?.();
      leave = null;
      return show(null);
    }
    leave ??= enter();
    const at = platform.now();
    const ends = clock.ends(state, at);
    const { leftMs } = earliest(ends);
    if (leftMs < Infinity) cancelTick = platform.setTimer(update, stepMs(Math.max(1, clampDelay(leftMs))), true);
    show(endOf(ends, at, end));
  }

  function show(next: SessionEnd | null): void {
    if (next === end) return;
    end = next;
    notify(platform, listeners, undefined);
  }

  function dispose(): void {
    for (const release of [unsubscribe, clock.dispose, leave, cancelTick]) release?.();
    leave = cancelTick = null;
    disposed.removeEventListener('abort', dispose);
    show(null);
  }

  const unsubscribe = store.subscribe(update);
  disposed.addEventListener('abort', dispose);
  update();
  return {
    getEnd: () => end,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    touch,
    whenChecked: clock.whenChecked,
    dispose,
  };
}

/** Returns the earliest end; the same object as before if it has not moved. */
function endOf(ends: readonly PendingEnd[], at: Instant, last: SessionEnd | null): SessionEnd | null {
  const { cause, leftMs } = earliest(ends);
  if (leftMs === Infinity) return null;
  const endsAt = Math.round(at.wall + leftMs);
  return last?.cause === cause && Math.abs(last.endsAt - endsAt) < END_GRAIN_MS ? last : { cause, endsAt };
}
