import { ConnectionDrop } from './connection-drop.ts';
import type { Endpoint } from './endpoint.ts';
import { checkFault, type ApiFault } from './fault.ts';

/** A fault that applies to a request, and the signal that releases the request if it hangs. */
export interface ClaimedFault {
  readonly fault: ApiFault;
  readonly released: AbortSignal;
}

interface QueuedFault {
  readonly fault: ApiFault;
  readonly release: AbortController;
  left: number;
}

/** The faults that apply to future requests, the oldest first. */
export class FaultQueue {
  #queued: QueuedFault[] = [];

  /** Checks and adds a fault; returns a function that removes it. */
  add(fault: ApiFault): () => void {
    checkFault(fault);
    const queued = { fault: { ...fault }, release: new AbortController(), left: fault.times ?? Infinity };
    this.#queued.push(queued);
    return () => {
      this.#remove(queued);
    };
  }

  /** Returns the fault for one request, or `null`. It is synchronous, so that requests at the same time are counted exactly. */
  claim(endpoint: Endpoint): ClaimedFault | null {
    const found = this.#queued.find(({ fault, left }) => left > 0 && (fault.endpoint === '*' || fault.endpoint === endpoint));
    if (!found) return null;
    found.left -= 1;
    return { fault: found.fault, released: found.release.signal };
  }

  /** Removes every fault and releases the requests that hang. */
  clear(): void {
    for (const queued of [...this.#queued]) this.#remove(queued);
  }

  #remove(queued: QueuedFault): void {
    this.#queued = this.#queued.filter((other) => other !== queued);
    queued.release.abort(new ConnectionDrop());
  }
}
