import type { AuthClient } from '../core/auth-client.ts';
import { platformOf } from '../core/inspector.ts';
import { sessionLimitsOf } from '../core/limit-session.ts';
import { clampDelay, stepMs } from '../core/model/refresh-policy.ts';
import type { SessionEnd } from '../core/model/session-end.ts';
import type { Release } from '../core/platform/platform.ts';

/** A session that is about to end. */
export interface EndingSession extends SessionEnd {
  /** How long it still lasts, whole seconds, rounded up. */
  readonly secondsLeft: number;
  /** Counts as activity, and refreshes if the end is that of a token or of the server. Resolves to whether the session now ends later. */
  readonly stay: () => Promise<boolean>;
  readonly signOut: AuthClient['signOut'];
}

/** The store of one `useSessionEnd`. */
export interface SessionEndStore {
  readonly subscribe: (listener: () => void) => Release;
  /** Returns the same object until a second has passed. */
  readonly getSnapshot: () => EndingSession | null;
}

/** The default of `warnMs`, if the limits of the session have none, ms. */
const DEFAULT_WARN_MS = 60_000;

/** Creates a store that changes once a second from `warnMs` before the end of the session, and not at all before. */
export function createSessionEndStore(client: AuthClient, warnMs: number | undefined): SessionEndStore {
  const platform = platformOf(client);
  let snapshot: EndingSession | null = null;

  /** Returns how long the session still lasts, and how long from then the warning is shown, ms. */
  function measure() {
    const limits = sessionLimitsOf(client);
    const end = limits.getEnd();
    return { limits, end, leftMs: (end?.endsAt ?? Infinity) - platform.now().wall, longestMs: warnMs ?? limits.warnMs ?? DEFAULT_WARN_MS };
  }

  function getSnapshot(): EndingSession | null {
    const { limits, end, leftMs, longestMs } = measure();
    if (!end || leftMs > longestMs) return (snapshot = null);
    const secondsLeft = Math.max(0, Math.ceil(leftMs / 1000));
    if (snapshot?.cause === end.cause && snapshot.endsAt === end.endsAt && snapshot.secondsLeft === secondsLeft) return snapshot;
    return (snapshot = { ...end, secondsLeft, stay: limits.stay, signOut: client.signOut });
  }

  function subscribe(listener: () => void): Release {
    let cancel: Release | null = null;
    const update = () => {
      cancel?.();
      cancel = null;
      const before = snapshot;
      if (getSnapshot() !== before) listener();
      const { leftMs, longestMs } = measure();
      if (leftMs === Infinity || leftMs <= 0) return;
      const dueMs = leftMs > longestMs ? leftMs - longestMs : leftMs % 1000 || 1000;
      cancel = platform.setTimer(update, stepMs(Math.max(1, clampDelay(dueMs))), true);
    };
    const releases = [sessionLimitsOf(client).subscribe(update), platform.onWake(update), () => cancel?.()];
    update();
    return () => releases.forEach((release) => release());
  }

  return { subscribe, getSnapshot };
}
