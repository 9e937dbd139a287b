import type { Instant } from '../model/instant.ts';
import type { Platform, Release, TabChannel, TabLocks, WakeSignal } from './platform.ts';

/**
 * Creates the platform of a browser tab. It touches no global before its first use, so it can be created on a server.
 *
 * @example
 * ```ts
 * import { browserPlatform, createAuthClient } from 'unexpired/core';
 * import { bonfire } from 'unexpired/bonfire';
 * const protocol = bonfire({ baseUrl: 'https://api.bonfire.camp/v1', appKey: 'my-app-key' });
 * const auth = createAuthClient({ protocol, platform: { ...browserPlatform(), warn: () => undefined } });
 * ```
 */
export function browserPlatform(): Platform {
  const locks = globalThis.navigator?.locks;
  return {
    now: browserNow,
    setTimer(callback, delayMs, isBackground) {
      const timer = setTimeout(callback, delayMs);
      if (isBackground) unref(timer);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
    randomId,
    fetch: (input, init) => globalThis.fetch(input, init),
    locks: locks ? tabLocks(locks) : null,
    openChannel: typeof BroadcastChannel === 'undefined' ? null : openChannel,
    isOnline: () => globalThis.navigator?.onLine !== false,
    isHidden: () => globalThis.document?.hidden,
    onWake,
    pageUrl: () => globalThis.location?.href ?? null,
    warn: (text) => console.warn(text),
    report: (error) => (globalThis.reportError ?? throwLater)(error),
  };
}

/** Whether this code runs on a server that renders a page. React Native has a `window`, but no `document`. */
export function isServer(): boolean {
  return globalThis.window === undefined;
}

/** Reads the clocks of a browser tab. */
export function browserNow(): Instant {
  return { wall: Date.now(), monotonic: performance.now() };
}

// `crypto.randomUUID` is missing in insecure contexts, and `crypto` in React Native. An id is no secret.
function randomId(): string {
  return globalThis.crypto?.getRandomValues(new Uint32Array(4)).join('-') ?? `${Math.random()}-${Math.random()}`;
}

function tabLocks(locks: LockManager): TabLocks {
  // Some engines hide the list of locks. A wait then ends as if the holder had stayed the same.
  const holderOf = async (name: string) => (await locks.query()).held?.find((lock) => lock.name === name)?.clientId ?? null;
  const shownHolder = (name: string) => holderOf(name).catch(() => null);

  // Stealing the lock would let two tabs run at once as soon as a third tab steals it, too. Tabs whose wait is over
  // queue for a second lock instead, and the compare-and-set drops the late result of a holder that resumes.
  const hold: TabLocks['hold'] = (name, maxWaitMs, task, signal) => {
    const second = `${name}:takeover`;
    const waiting = new AbortController();
    const giveUp = () => waiting.abort();
    let isWaiting = true;
    let timer: ReturnType<typeof setTimeout>;
    let holder: string | null | undefined;
    let halves = 0; // So a tab that was frozen still waits half of the time after it resumes.
    const look = async () => {
      const before = holder;
      holder = await shownHolder(name);
      halves = holder === before ? halves + 1 : 0;
      if (isWaiting && halves === 2) giveUp();
      else if (isWaiting) timer = setTimeout(look, maxWaitMs / 2);
    };
    const stopWaiting = () => {
      isWaiting = false;
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    };
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp);
    void look();
    const enter = async () => {
      stopWaiting();
      // A tab that has taken over may still run, although the former holder has released the lock.
      return (await shownHolder(second)) === null ? task() : hold(second, maxWaitMs, task, signal);
    };
    return locks.request(name, { signal: waiting.signal }, enter).catch((error: unknown) => {
      stopWaiting();
      if (signal?.aborted || !waiting.signal.aborted) throw error;
      return hold(second, maxWaitMs, task, signal);
    });
  };
  return { hold, isHeld: async (name) => (await holderOf(name)) !== null };
}

/** Lets a Node process end in spite of a timer or a channel. Browsers have no such method. */
function unref(handle: unknown): void {
  (handle as { unref?: () => void }).unref?.();
}

/** Makes an error an uncaught one where `reportError` is missing, as in Node. */
function throwLater(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}

function openChannel(name: string, onMessage: (message: unknown) => void): TabChannel {
  let channel: BroadcastChannel;
  try {
    channel = new BroadcastChannel(name);
  } catch {
    return { post() {}, close() {} }; // Firefox refuses channels if it blocks cookies.
  }
  channel.onmessage = (event: MessageEvent<unknown>) => onMessage(event.data);
  unref(channel);
  return { post: (message: unknown) => channel.postMessage(message), close: () => channel.close() };
}

function onWake(listener: (signal: WakeSignal) => void): Release {
  const { document, window } = globalThis;
  const onVisibility = () => document.visibilityState === 'visible' && listener('visible');
  const onSignal = ({ type }: Event) => listener(type as WakeSignal);
  const listeners = [
    [document, 'visibilitychange', onVisibility],
    [document, 'resume', onSignal],
    [window, 'focus', onSignal],
    [window, 'online', onSignal],
    [window, 'pageshow', onSignal],
  ] as const;
  for (const [target, type, handle] of listeners) target?.addEventListener?.(type, handle);
  return () => {
    for (const [target, type, handle] of listeners) target?.removeEventListener?.(type, handle);
  };
}
