import type { Platform } from '../core/platform/platform.ts';

/** The reason of a call that waited too long. */
export class CallTimeout extends Error {
  /** Whether the API was waited for, or else the body of the request. */
  readonly isOfApi: boolean;

  constructor(isOfApi: boolean) {
    super();
    this.isOfApi = isOfApi;
  }
}

/** One request on its way: its place among those of the session, its deadline, and the end of both. */
export interface ProxyCall {
  /** Aborts when the browser has gone, and at the deadline. */
  readonly signal: AbortSignal;
  /** Starts the deadline again, because a part of the body has arrived. */
  readonly onPart: (isEnd: boolean) => void;
  /** Ends the deadline, because the headers of the answer have arrived. */
  readonly onHeaders: () => void;
  /** Runs a task at the end, or now if the call is over. */
  readonly atEnd: (task: () => void) => void;
  /** Ends the call. Only the first time counts. */
  readonly end: () => void;
}

/** Counts the requests in flight of each session. */
export interface ProxyGate {
  /** Takes a place. Returns the function that gives it back, or `null` if there is none. */
  readonly enter: (session: string, most: number) => (() => void) | null;
}

/** Creates the count of one upstream. It keeps nothing of a session without a request. */
export function createGate(): ProxyGate {
  const counts = new Map<string, number>();
  return {
    enter(session, most) {
      const count = counts.get(session) ?? 0;
      if (count >= most) return null;
      counts.set(session, count + 1);
      return () => {
        const left = (counts.get(session) ?? 1) - 1;
        if (left > 0) counts.set(session, left);
        else counts.delete(session);
      };
    },
  };
}

/**
 * Starts a call.
 *
 * @param browser the signal of the request
 * @param leave gives back the place of the call
 */
export function startCall(platform: Pick<Platform, 'setTimer'>, browser: AbortSignal, timeoutMs: number, leave: () => void): ProxyCall {
  const controller = new AbortController();
  const tasks: (() => void)[] = [leave];
  let isOver = false;
  let isBodyRead = false;
  let release: () => void = () => undefined;
  const leaveBrowser = () => {
    controller.abort(browser.reason);
    end();
  };

  function restart(): void {
    release();
    release = platform.setTimer(() => controller.abort(new CallTimeout(isBodyRead)), timeoutMs);
  }

  function end(): void {
    if (isOver) return;
    isOver = true;
    release();
    browser.removeEventListener('abort', leaveBrowser);
    for (const task of tasks) task();
  }

  browser.addEventListener('abort', leaveBrowser);
  restart();
  if (browser.aborted) leaveBrowser();
  let hasHeaders = false;
  return {
    signal: controller.signal,
    onPart(isEnd) {
      isBodyRead = isEnd;
      if (!isOver && !hasHeaders) restart();
    },
    onHeaders() {
      hasHeaders = true;
      release();
    },
    atEnd: (task) => void (isOver ? task() : tasks.push(task)),
    end,
  };
}
