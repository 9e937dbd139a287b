import { handWritten } from './hand-written.ts';

/** A better answer: all calls of a page that need a token wait for one refresh. */
export const peer = handWritten((refresh) => {
  let running: Promise<void> | null = null;
  return () =>
    (running ??= refresh().finally(() => {
      running = null;
    }));
});
