import type { TabChannel } from 'unexpired/core';
import type { TabProcess } from './tab-process.ts';
import type { SimulatedTime, Task } from './time.ts';

interface End {
  readonly owner: TabProcess;
  readonly receive: (message: unknown) => void;
}

/** Broadcast channels. Each message reaches each other end after a delay of its own. */
export interface SimulatedChannels {
  readonly open: (owner: TabProcess, name: string, receive: (message: unknown) => void) => TabChannel;
  readonly countOf: (owner: TabProcess) => number;
  readonly closeAll: (owner: TabProcess) => void;
}

export function createChannels(time: SimulatedTime, delayMs: () => number): SimulatedChannels {
  const channels = new Map<string, Set<End>>();

  const messages = (from: TabProcess, to: TabProcess): Task => {
    const thread = `${from.name} > ${to.name}`;
    return { thread, queue: thread, isPrompt: true };
  };

  function open(owner: TabProcess, name: string, receive: (message: unknown) => void): TabChannel {
    const ends = channels.get(name) ?? new Set();
    channels.set(name, ends);
    const own: End = { owner, receive };
    ends.add(own);
    const deliver = (end: End, message: unknown) => end.owner.run(() => void (ends.has(end) && end.receive(structuredClone(message))));
    return {
      post(message) {
        if (!owner.isAlive()) return;
        for (const end of ends) if (end !== own) time.setTimer(() => deliver(end, message), delayMs(), 'device', messages(owner, end.owner));
      },
      close: () => void ends.delete(own),
    };
  }

  const endsOf = (owner: TabProcess) => [...channels.values()].flatMap((ends) => [...ends].filter((end) => end.owner === owner).map((end) => ({ ends, end })));

  return {
    open,
    countOf: (owner) => endsOf(owner).length,
    closeAll(owner) {
      for (const { ends, end } of endsOf(owner)) ends.delete(end);
    },
  };
}
