import { pause } from '../platform/pause.ts';
import type { ClientContext } from './client-context.ts';

const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10_000;

/** Repeats the synchronisation with storage until storage has everything that this tab has in memory. */
export interface WriteBack {
  /** Whether memory and storage differ. */
  readonly isPending: () => boolean;
  /** Marks memory as written, or starts the repetition. */
  readonly setPending: (pending: boolean) => void;
  /** Resolves when nothing is pending any more, or when the client is disposed. Returns `null` if nothing is pending. */
  readonly whenDone: () => Promise<void> | null;
}

/** Creates the repetition over one synchronisation. */
export function createWriteBack({ platform, disposed }: Pick<ClientContext, 'platform' | 'disposed'>, sync: () => Promise<unknown>): WriteBack {
  let pending = false;
  let running = false;
  let done: Promise<void> = Promise.resolve();

  async function repeat(): Promise<void> {
    running = true;
    for (let ms = RETRY_MS; pending && !disposed.aborted; ms = Math.min(2 * ms, LONGEST_RETRY_MS)) {
      await pause(platform, disposed, ms, true);
      if (!disposed.aborted) await sync();
    }
    running = false;
  }

  return {
    isPending: () => pending,
    setPending(value) {
      pending = value;
      if (pending && !running) done = repeat();
    },
    whenDone: () => (pending ? done : null),
  };
}
