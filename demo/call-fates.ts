import type { AuthClient, ClientEvent } from 'unexpired';

/** How far a call of a storm is. */
export type CallFate = 'unsent' | 'sent' | 'refused' | 'replayed' | 'answered' | 'failed';

/** What became of many calls, for `useSyncExternalStore`. */
export interface CallFates {
  readonly get: () => readonly CallFate[];
  readonly subscribe: (listener: () => void) => () => void;
  /** Makes calls, and follows them until all are over; says how many were answered. */
  readonly follow: (makeCalls: () => readonly Promise<Response>[]) => Promise<number>;
}

/** Creates the fates of no calls yet; changes are shown once a frame. */
export function createCallFates(auth: AuthClient): CallFates {
  const listeners = new Set<() => void>();
  let fates: readonly CallFate[] = [];
  let frame = 0;

  function set(next: readonly CallFate[]): void {
    fates = next;
    if (frame === 0) frame = requestAnimationFrame(show);
  }

  function show(): void {
    frame = 0;
    for (const listener of [...listeners]) listener();
  }

  async function follow(makeCalls: () => readonly Promise<Response>[]): Promise<number> {
    const places = new Map<number, number>();
    let isMaking = true;
    set([]);
    const stop = auth.on((event) => {
      // The page makes other calls, too. Those of the storm start while it is being made.
      if (event.type === 'callStarted' && isMaking) places.set(event.call, places.size);
      const place = 'call' in event ? places.get(event.call) : undefined;
      const fate = fateAfter(event);
      if (place !== undefined && fate !== null) set(fates.toSpliced(place, 1, fate));
    });
    const calls = makeCalls();
    isMaking = false;
    const settled = await Promise.allSettled(calls.map((call) => call.then(({ ok }) => ok)));
    stop();
    return settled.filter((result) => result.status === 'fulfilled' && result.value).length;
  }

  return {
    get: () => fates,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    follow,
  };
}

function fateAfter(event: ClientEvent): CallFate | null {
  switch (event.type) {
    case 'callStarted':
      return 'unsent';
    case 'callSent':
      return event.send === 1 ? 'sent' : 'replayed';
    case 'callAnswered':
      return event.send === 1 && event.status === 401 ? 'refused' : null;
    case 'callSettled':
      return event.status < 400 ? 'answered' : 'failed';
    case 'callFailed':
      return 'failed';
    default:
      return null;
  }
}
