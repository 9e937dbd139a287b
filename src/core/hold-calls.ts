import { adviseUnknownSubject } from '#advice';
import type { AuthClient } from './auth-client.ts';
import { notify } from './events/notify.ts';
import { createHeldSession, type HeldSession, type HeldUser, type SubjectOf } from './held-session.ts';
import { inspectorOf, type ClientDoor } from './inspector.ts';
import { AuthError, disposedError, invalidSetting, sessionChanged, signedOut } from './model/auth-error.ts';
import { MAX_DELAY_MS } from './model/refresh-policy.ts';
import type { EndReason } from './model/refresh-outcome.ts';
import type { Release } from './platform/platform.ts';
import type { CallSession, InterceptorEntry, SessionInterceptor } from './request/interceptors.ts';
import { createWaitingCalls, type HoldLimits, type WaitingCalls } from './waiting-calls.ts';

/** The options of `holdCalls`. */
export interface HoldOptions {
  /** How many calls wait at most. Default: 20. */
  readonly maxCalls?: number | undefined;
  /** How large the bodies of the waiting calls are together at most, bytes. Default: 1,000,000. */
  readonly maxBytes?: number | undefined;
  /** How long a call waits at most, ms. Default: 10 min. */
  readonly timeoutMs?: number | undefined;
  /** Returns the id of the user whom tokens are for. Default: the `subjectOf` of the protocol. */
  readonly subjectOf?: SubjectOf | undefined;
  /** With `all`, the default, each call of the client is held. With `chosen`, only calls that have the `interceptor` of the hold. */
  readonly calls?: 'all' | 'chosen' | undefined;
}

/** Whether the session is lost, and how many calls wait. Each change creates a new object. */
export interface HoldSnapshot {
  /** Why the session ended; `null` unless it is lost. It is lost from its end until a user signs in or out, or until `discard()`. */
  readonly cause: EndReason | null;
  /** How many calls wait. */
  readonly waiting: number;
}

/** The calls of a client that wait while its session is lost. */
export interface Hold {
  readonly getSnapshot: () => HoldSnapshot;
  /** Calls back after each change of the snapshot. */
  readonly subscribe: (listener: () => void) => Release;
  /** Names the user: it stays the same when the same user signs in again after a lost session, and another user has another one. `null` if there is no user. */
  readonly getUserKey: () => string | null;
  /** Holds the calls of a `fetchWith` or `useAuthedFetch`, if the hold is for chosen calls. */
  readonly interceptor: InterceptorEntry;
  /** Gives up the lost session. The calls that wait fail with the error of its end. */
  readonly discard: () => void;
  /** Ends the hold. The calls that wait fail with the error of the session's end. */
  readonly dispose: Release;
}

/** The errors of a call that lost its session. */
const LOST_CODES: readonly unknown[] = ['session_ended', 'signed_out', 'session_changed'];

const NOTHING: HoldSnapshot = { cause: null, waiting: 0 };

/**
 * Holds the calls of a client when its session ends, until the same user signs in again in any tab.
 *
 * A call that fails because the session has ended waits. Each call that begins meanwhile waits, too. If the same user signs in, each
 * call goes on once, with its body, in the order in which the calls were made. If another user signs in, they reject with
 * `session_changed`, and nothing is sent. A sign-out holds nothing. Interceptors that were added later run again for a call that goes on.
 *
 * A call that reaches a limit rejects with `session_ended` or `signed_out`; `field` of the error names the limit.
 *
 * @param client the client; call this right after `createAuthClient`, and once for a client
 * @param options the limits; each has a default
 * @returns the hold, for `<SessionLost>` and for code of your own
 * @throws AuthError `invalid_config`, with the field that is wrong, or with the field `client` if the client already has a hold
 * @example
 * ```ts
 * import { holdCalls, type AuthClient } from 'unexpired/core';
 * function holdDrafts(auth: AuthClient) {
 *   const hold = holdCalls(auth, { maxCalls: 10, timeoutMs: 5 * 60_000 });
 *   hold.subscribe(() => console.info(hold.getSnapshot().waiting, 'calls wait'));
 *   return hold;
 * }
 * ```
 */
export function holdCalls(client: AuthClient, options: HoldOptions = {}): Hold {
  const { door } = inspectorOf(client);
  const { limits, subjectOf, calls } = checked(options);
  if (door.hold) throw invalidSetting('client', client, 'client with a hold');
  const { platform, store, disposed } = door;
  const listeners = new Set<() => void>();
  let snapshot = NOTHING;

  function publish(): void {
    const next = { cause: session.cause(), waiting: waiting.count() };
    if (next.cause === snapshot.cause && next.waiting === snapshot.waiting) return;
    snapshot = next;
    notify(platform, listeners, undefined);
  }

  const session = createHeldSession(
    door,
    subjectOf,
    ({ subject }) => subject ?? adviseUnknownSubject(platform),
    () => {
      waiting.settleAll();
      publish();
    },
  );
  const waiting = createWaitingCalls(platform, limits, publish);
  const interceptor = createInterceptor(door, session, waiting);
  const onDisposed = () => {
    waiting.settleAll(disposedError());
    publish();
  };
  disposed.addEventListener('abort', onDisposed);
  const releases = [
    store.subscribe(session.follow),
    calls === 'all' ? client.intercept(interceptor) : () => undefined,
    () => disposed.removeEventListener('abort', onDisposed),
  ];
  session.follow();

  const hold: Hold = {
    getSnapshot() {
      session.follow(); // A listener of the app may run before the one of the hold.
      return snapshot;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    getUserKey() {
      session.follow();
      return session.user()?.key ?? null;
    },
    interceptor,
    discard: () => session.cause() !== null && session.drop(),
    dispose() {
      for (const release of releases) release();
      session.drop(true);
      if (door.hold === hold) door.hold = undefined;
    },
  };
  return (door.hold = hold);
}

/** Creates the interceptor, which makes a call wait and go on. */
function createInterceptor({ store }: ClientDoor, session: HeldSession, waiting: WaitingCalls): SessionInterceptor {
  let calls = 0;

  /** Whether a call is of the user who is signed in, or whose session is lost. Without a session, it began as `user`. */
  function isCurrent({ sessionId }: CallSession, user: HeldUser | null): boolean {
    session.follow();
    const current = session.user();
    return current !== null && (sessionId === null ? current === user : current.sessionIds.has(sessionId));
  }

  return async (request, next, call = { sessionId: null, isOptional: false }) => {
    if (call.isOptional) return next(request);
    const place = ++calls;
    session.follow();
    const user = session.user();
    const spare = createSpare(request);
    const cause = session.cause();
    // If the session is lost already, the call waits before its first send. Without a user, an API may answer anything.
    let failure = cause !== null && call.sessionId === null ? signedOut(cause) : null;
    try {
      for (let sent = request; ; sent = spare.again()) {
        if (!failure) {
          try {
            return await next(sent);
          } catch (error) {
            if (!AuthError.is(error) || !LOST_CODES.includes(error.code)) throw error;
            failure = error;
          }
        }
        const bytes = await spare.read();
        for (let lost; isCurrent(call, user) && (lost = session.cause()); ) await waiting.wait({ place, bytes, signal: request.signal, cause: lost, code: failure.code });
        const { sessionId } = store.getSnapshot();
        if (sessionId === null || sessionId === call.sessionId) throw failure;
        if (!isCurrent(call, user)) throw sessionChanged();
        call.sessionId = sessionId;
        failure = null;
      }
    } finally {
      spare.drop();
    }
  };
}

/** Creates a copy of a request, from which it can be sent again. */
function createSpare(request: Request) {
  const copy = request.clone();
  const hasBody = copy.body !== null && !/^(GET|HEAD)$/.test(copy.method); // Firefox has no `body` of a request.
  let body: Blob | null = null;
  return {
    /** Reads the body, and returns its size, bytes. */
    read: async () => (hasBody ? (body ??= await copy.blob()).size : 0),
    /** After `read`, returns a request that has not been sent. */
    again: () => new Request(copy, body ? { body } : {}),
    drop: () => void copy.body?.cancel().catch(() => undefined),
  };
}

function checked({ maxCalls = 20, maxBytes = 1_000_000, timeoutMs = 600_000, subjectOf, calls = 'all' }: HoldOptions) {
  if (!Number.isInteger(maxCalls) || maxCalls < 1) throw invalidSetting('maxCalls', maxCalls);
  if (!Number.isFinite(maxBytes) || maxBytes < 0) throw invalidSetting('maxBytes', maxBytes);
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs <= MAX_DELAY_MS)) throw invalidSetting('timeoutMs', timeoutMs, 'timeoutMs of a hold');
  if (subjectOf !== undefined && typeof subjectOf !== 'function') throw invalidSetting('subjectOf', subjectOf);
  if (calls !== 'all' && calls !== 'chosen') throw invalidSetting('calls', calls);
  const limits: HoldLimits = { maxCalls, maxBytes, timeoutMs };
  return { limits, subjectOf, calls };
}
