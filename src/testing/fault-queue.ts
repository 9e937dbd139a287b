import { ConnectionDrop } from './connection-drop.ts';
import type { Endpoint } from './endpoint.ts';
import { checkFault, type ApiFault } from './fault.ts';

/** A fault that has befallen a request, and the signal that lets the request go when it hangs. */
export interface ClaimedFault {
  readonly fault: ApiFault;
  readonly released: AbortSignal;
}

interface QueuedFault {
  readonly fault: ApiFault;
  readonly release: AbortController;
  left: number;
}

/** The faults that wait for requests, the oldest first. */
export class FaultQueue {
  #queued: QueuedFault[] = [];

  /** Adds a fault, after checking it; the function that it returns removes it again. */
  add(fault: ApiFault): () => void {
    checkFault(fault);
    const queued = { fault: { ...fault }, release: new AbortController(), left: fault.times ?? Infinity };
    this.#queued.push(queued);
    return () => {
      this.#remove(queued);
    };
  }

  /** The fault for one request; synchronous, so that requests at the same time are counted exactly. */
  claim(endpoint: Endpoint): ClaimedFault | null {
    const found = this.#queued.find(({ fault, left }) => left > 0 && (fault.endpoint === '*' || fault.endpoint === endpoint));
    if (!found) return null;
    found.left -= 1;
    return { fault: found.fault, released: found.release.signal };
  }

  /** Removes every fault and lets go of what hangs. */
  clear(): void {
    for (const queued of [...this.#queued]) this.#remove(queued);
  }

  #remove(queued: QueuedFault): void {
    this.#queued = this.#queued.filter((other) => other !== queued);
    queued.release.abort(new ConnectionDrop());
  }
}
