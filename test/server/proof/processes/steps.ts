import { appendFileSync } from 'node:fs';
import type { SessionStore } from 'unexpired/server';
import type { Breakpoint, JournalEntry, Step } from '../support/types.ts';

/** Watches the steps of the refreshes of an instance. */
export interface Steps {
  /** Writes a step into the journal, and stops the process if a breakpoint waits for it. */
  readonly reach: (step: Step, facts: Pick<JournalEntry, 'key' | 'family' | 'generation'>) => void;
  readonly stopAt: (breakpoint: Breakpoint | null) => void;
}

/** Creates the steps of an instance. Each line of the journal is written at once, so it survives a SIGKILL. */
export function createSteps(instance: string, journal: string): Steps {
  let next: Breakpoint | null = null;
  const write = (entry: Omit<JournalEntry, 'at' | 'instance' | 'pid'>) => appendFileSync(journal, `${JSON.stringify({ at: Date.now(), instance, pid: process.pid, ...entry })}\n`);

  return {
    reach(step, facts) {
      write({ step, ...facts });
      if (next?.step !== step) return;
      const { signal } = next;
      next = null;
      write({ step: 'break', ...facts });
      process.kill(process.pid, signal);
    },
    stopAt: (breakpoint) => void (next = breakpoint),
  };
}

/** Returns `fetch` that names the instance, and reports the requests to the token endpoint. */
export function steppedFetch(steps: Steps, instance: string, tokenUrl: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    request.headers.set('x-instance', instance);
    if (request.url !== tokenUrl) return fetch(request);
    const [, , family = '', generation] = (new URLSearchParams(await request.clone().text()).get('refresh_token') ?? '').split('.');
    const facts = { family, generation: Number(generation) };
    steps.reach('sent', facts);
    const response = await fetch(request);
    if (response.ok) steps.reach('answered', facts);
    return response;
  };
}

/** Returns a store that reports the writes of a refresh: the note of an attempt has a lease, and its outcome has none. */
export function steppedStore(store: SessionStore, steps: Steps): SessionStore {
  return {
    ...store,
    async replace(key, ifMatch, next) {
      if (next.lease) steps.reach('before-note', { key });
      const write = await store.replace(key, ifMatch, next);
      if (write.isDone) steps.reach(next.lease ? 'noted' : 'stored', { key });
      return write;
    },
  };
}
