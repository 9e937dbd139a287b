import { AuthError } from './model/auth-error.ts';
import type { EndReason } from './model/refresh-outcome.ts';
import { remainingMs } from './model/token-life.ts';
import { reasonOf } from './platform/abort-reason.ts';
import type { Platform } from './platform/platform.ts';

/** How many calls wait, how large their bodies are together, and how long each of them waits. */
export interface HoldLimits {
  readonly maxCalls: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** A call that is to wait. */
export interface WaitingCall {
  /** Calls go on in this order. */
  readonly place: number;
  readonly bytes: number;
  readonly signal: AbortSignal | undefined;
  /** Why the session ended. */
  readonly cause: EndReason;
  /** The code of the error if a limit is reached. */
  readonly code: AuthError['code'];
}

interface Entry extends WaitingCall {
  readonly settle: (error?: unknown) => void;
}

/** The calls that wait for a sign-in. */
export interface WaitingCalls {
  readonly count: () => number;
  /**
   * Resolves when the calls are woken.
   *
   * @throws AuthError with the `field` of the limit that is reached; the signal's reason if the caller aborts
   */
  readonly wait: (call: WaitingCall) => Promise<void>;
  /** Wakes all calls in their order, or rejects them with an error. */
  readonly settleAll: (error?: unknown) => void;
}

/**
 * Creates the waiting calls of one hold.
 *
 * @param onChange called when a call begins to wait, and when one leaves by itself
 */
export function createWaitingCalls(platform: Pick<Platform, 'now' | 'setTimer'>, limits: HoldLimits, onChange: () => void): WaitingCalls {
  const entries = new Set<Entry>();
  const { maxCalls, maxBytes, timeoutMs } = limits;

  /** Returns the name of the limit that one more call would exceed. */
  function exceeded({ bytes }: WaitingCall): keyof HoldLimits | null {
    if (entries.size >= maxCalls) return 'maxCalls';
    return [...entries].reduce((sum, entry) => sum + entry.bytes, bytes) > maxBytes ? 'maxBytes' : null;
  }

  return {
    count: () => entries.size,
    wait: (call) =>
      new Promise<void>((resolve, reject) => {
        const { signal } = call;
        if (signal?.aborted) throw reasonOf(signal);
        const limit = exceeded(call);
        if (limit) throw limitError(call, limit, limits);
        const since = { ...platform.now(), leftMs: timeoutMs };
        const settle = (error?: unknown) => {
          release();
          entries.delete(entry);
          signal?.removeEventListener('abort', onAbort);
          // The timer may be late, because the device slept.
          const late = remainingMs(since, platform.now()) <= 0 ? limitError(call, 'timeoutMs', limits) : undefined;
          const failure = error ?? late;
          if (failure === undefined) resolve();
          else reject(failure);
        };
        const leave = (error: unknown) => {
          settle(error);
          onChange();
        };
        const onAbort = () => leave(signal && reasonOf(signal));
        const entry: Entry = { ...call, settle };
        const release = platform.setTimer(() => leave(limitError(call, 'timeoutMs', limits)), timeoutMs);
        signal?.addEventListener('abort', onAbort);
        entries.add(entry);
        onChange();
      }),
    settleAll(error) {
      for (const { settle } of [...entries].sort((one, other) => one.place - other.place)) settle(error);
    },
  };
}

const REACHED: { readonly [L in keyof HoldLimits]: (limit: number) => string } = {
  maxCalls: (limit) => `${limit} calls already wait`,
  maxBytes: (limit) => `the bodies of the waiting calls would have more than ${limit} bytes`,
  timeoutMs: (limit) => `the call has waited ${limit} ms for a sign-in`,
};

function limitError({ code, cause }: WaitingCall, field: keyof HoldLimits, limits: HoldLimits): AuthError {
  return new AuthError(code, `The session ended (${cause}), and ${REACHED[field](limits[field])} (\`${field}\`); sign in, and make the call again.`, { endReason: cause, field });
}
