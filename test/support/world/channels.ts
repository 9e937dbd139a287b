import type { TabChannel } from 'unexpired/core';
import type { Life } from './life.ts';
import type { SimulatedTime } from './time.ts';

interface End {
  readonly owner: Life;
  readonly receive: (message: unknown) => void;
}

/** Broadcast channels. Each message reaches each other end after a delay of its own. */
export interface SimulatedChannels {
  readonly open: (owner: Life, name: string, receive: (message: unknown) => void) => TabChannel;
  readonly countOf: (owner: Life) => number;
  readonly closeAll: (owner: Life) => void;
}

export function createChannels(time: SimulatedTime, delayMs: () => number): SimulatedChannels {
  const channels = new Map<string, Set<End>>();

  function open(owner: Life, name: string, receive: (message: unknown) => void): TabChannel {
    const ends = channels.get(name) ?? new Set();
    channels.set(name, ends);
    const own: End = { owner, receive };
    ends.add(own);
    const deliver = (end: End, message: unknown) => end.owner.run(() => void (ends.has(end) && end.receive(structuredClone(message))));
    return {
      post(message) {
        if (!owner.isAlive()) return;
        for (const end of ends) if (end !== own) time.setTimer(() => deliver(end, message), delayMs());
      },
      close: () => void ends.delete(own),
    };
  }

  const endsOf = (owner: Life) => [...channels.values()].flatMap((ends) => [...ends].filter((end) => end.owner === owner).map((end) => ({ ends, end })));

  return {
    open,
    countOf: (owner) => endsOf(owner).length,
    closeAll(owner) {
      for (const { ends, end } of endsOf(owner)) ends.delete(end);
    },
  };
}
