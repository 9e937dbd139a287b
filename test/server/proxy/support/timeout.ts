import { serverPlatform, type ServerPlatform } from 'unexpired/server';

/** A timeout of the proxy that expires when the test says so. */
export interface ManualTimeout {
  readonly timeoutMs: number;
  readonly platform: ServerPlatform;
  /** How many requests wait with it. */
  readonly waiting: () => number;
  /** Lets it expire for all requests that wait. */
  readonly expire: () => void;
}

/** Creates a timeout. All other timers are real. */
export function createTimeout(): ManualTimeout {
  const timeoutMs = 29_321; // No other timer has this duration.
  const real = serverPlatform();
  const waiting = new Set<() => void>();
  const setTimer: ServerPlatform['setTimer'] = (callback, delayMs, isBackground) => {
    if (delayMs !== timeoutMs) return real.setTimer(callback, delayMs, isBackground);
    const own = () => callback();
    waiting.add(own);
    return () => void waiting.delete(own);
  };
  return {
    timeoutMs,
    platform: { ...real, setTimer },
    waiting: () => waiting.size,
    expire() {
      for (const callback of [...waiting]) callback();
    },
  };
}
