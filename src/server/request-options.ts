import type { WaitUntil } from './session-client.ts';

/** Options for one request. The context of a request in a worker can be passed as these. */
export interface RequestOptions {
  /** Gets each task that goes on after the answer, such as a refresh or a revocation. A runtime that ends tasks with their request needs it. */
  readonly waitUntil?: WaitUntil | undefined;
}

/** Returns `waitUntil` bound to its options, because the context of a request in a worker can be passed as these. */
export function waitUntilOf(options: RequestOptions | undefined): WaitUntil | undefined {
  return options?.waitUntil && ((task) => options.waitUntil?.(task));
}
