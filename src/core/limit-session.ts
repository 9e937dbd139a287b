import type { AuthClient } from './auth-client.ts';
import { inspectorOf, type ClientDoor } from './inspector.ts';
import { invalidSetting } from './model/auth-error.ts';
import { MAX_DELAY_MS } from './model/refresh-policy.ts';
import type { SessionEnd } from './model/session-end.ts';
import type { Release } from './platform/platform.ts';
import { pageActivity, type ActivitySource } from './session-activity.ts';
import { createSessionWatch, type SessionWatch } from './session-watch.ts';

/** How long a session lasts without activity. */
export interface IdleLimit {
  /** How long a session lasts after the last activity in any tab, ms. */
  readonly timeoutMs: number;
  /** How long before the end a warning is due, ms; less than `timeoutMs`. It is the default of `useSessionEnd`. */
  readonly warnMs?: number | undefined;
  /** Whether an event counts as activity. Default: each event of the source does. */
  readonly countsAsActivity?: ((event: Event) => boolean) | undefined;
}

/** The limits of a session, and where activity comes from. */
export interface SessionLimitOptions {
  readonly idle?: IdleLimit | undefined;
  /** How long a session lasts from its sign-in, ms. */
  readonly maxSessionMs?: number | undefined;
  /** Default: the pointer, keys, wheel and touches on the page, without the events that a script dispatches. */
  readonly activity?: ActivitySource | undefined;
}

/** The end of a session, seen from one tab. */
export interface SessionLimits {
  /** Returns the earliest end that is known; `null` if none is, and while no user is signed in. Between two changes it is the same object. */
  readonly getEnd: () => SessionEnd | null;
  /** Calls back after each change of the end. */
  readonly subscribe: (listener: () => void) => Release;
  /** Counts as activity of the user, in all tabs. */
  readonly touch: () => void;
  /**
   * Counts as activity, and refreshes if the end is that of a token or of the server.
   *
   * @returns whether the session now ends later. It never rejects
   */
  readonly stay: () => Promise<boolean>;
  /** The `warnMs` of the idle limit, ms; `null` if there is none. */
  readonly warnMs: number | null;
  /** Ends the limits, as disposing of the client does. The session goes on. */
  readonly dispose: Release;
}

/** The door of a client that has limits. */
interface LimitedDoor extends ClientDoor {
  limits?: SessionLimits | undefined;
}

/**
 * Ends the session of a client after some time without activity, some time after the sign-in, or when the server says so.
 *
 * Activity in any tab of the browser counts. A refresh, a call and a message of another tab do not. After the end nothing is sent, and the
 * session ends in all tabs: as `idle`, or as `expired` for the other two. A page that loads after the end never shows the user.
 *
 * The time is that of the device. If its clock is set forward, the session ends, because that looks like a device that has slept. If it is set back, an
 * open tab goes on counting, and a page that loads ends the session if it cannot tell how much time has passed.
 *
 * @param client the client; call this right after `createAuthClient`
 * @param options see {@link SessionLimitOptions}. Without any, the end that the server states counts
 * @throws AuthError `invalid_config` naming the field
 * @see NIST SP 800-63B section 5.2 (session monitoring and reauthentication), OWASP ASVS 7.3
 * @example
 * ```ts
 * import { createAuthClient, limitSession } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' }) });
 * const limits = limitSession(auth, { idle: { timeoutMs: 15 * 60_000, warnMs: 60_000 }, maxSessionMs: 12 * 3_600_000 });
 * limits.subscribe(() => console.info('the session ends at', limits.getEnd()?.endsAt));
 * ```
 */
export function limitSession(client: AuthClient, options: SessionLimitOptions = {}): SessionLimits {
  const door: LimitedDoor = inspectorOf(client).door;
  const { idle, maxSessionMs, activity = pageActivity } = checked(options);
  door.limits?.dispose();
  const watch = createSessionWatch(door, {
    limits: { idleMs: idle?.timeoutMs ?? Infinity, sessionMs: maxSessionMs ?? Infinity },
    activity: idle ? activity : null,
    countsAsActivity: idle?.countsAsActivity ?? (() => true),
  });

  const limits: SessionLimits = {
    getEnd: watch.getEnd,
    subscribe: watch.subscribe,
    touch: watch.touch,
    stay: () => stay(client, watch),
    warnMs: idle?.warnMs ?? null,
    dispose() {
      watch.dispose();
      if (door.limits === limits) door.limits = undefined;
    },
  };
  return (door.limits = limits);
}

/**
 * Returns the limits of a client. If it has none, the ends that the API states count from now on.
 *
 * @throws AuthError `invalid_config`, with the field `client`
 * @example
 * ```ts
 * import { sessionLimitsOf, type AuthClient } from 'unexpired/core';
 * const endOf = (auth: AuthClient) => sessionLimitsOf(auth).getEnd()?.endsAt ?? null;
 * ```
 */
export function sessionLimitsOf(client: AuthClient): SessionLimits {
  const door: LimitedDoor = inspectorOf(client).door;
  return door.limits ?? limitSession(client);
}

async function stay(client: AuthClient, watch: SessionWatch): Promise<boolean> {
  await watch.whenChecked();
  const before = watch.getEnd();
  watch.touch();
  if (before && before.cause !== 'idle') await client.refresh().catch(() => undefined);
  const after = watch.getEnd();
  if (client.getSnapshot().status !== 'signedIn') return false;
  return !before || !after || before.cause === 'idle' || after.endsAt > before.endsAt;
}

function checked(options: SessionLimitOptions): SessionLimitOptions {
  const { idle, maxSessionMs, activity } = options;
  const { timeoutMs, warnMs = 0, countsAsActivity } = idle ?? { timeoutMs: MAX_DELAY_MS };
  if (!isDuration(timeoutMs)) throw invalidSetting('idle.timeoutMs', timeoutMs, 'duration');
  if (warnMs !== 0 && !isDuration(warnMs)) throw invalidSetting('idle.warnMs', warnMs, 'duration');
  if (warnMs >= timeoutMs) throw invalidSetting('idle.warnMs', warnMs, 'idle.warnMs before the end');
  if (maxSessionMs !== undefined && !isDuration(maxSessionMs)) throw invalidSetting('maxSessionMs', maxSessionMs, 'duration');
  if (countsAsActivity !== undefined && typeof countsAsActivity !== 'function') throw invalidSetting('idle.countsAsActivity', countsAsActivity, 'optional function');
  if (activity !== undefined && typeof activity !== 'function') throw invalidSetting('activity', activity, 'optional function');
  return options;
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= MAX_DELAY_MS;
}
