import { handWritten } from './hand-written.ts';

/** As in the better answers: calls of one page that need a token wait for one refresh. */
export const peer = handWritten((refresh) => {
  let running: Promise<void> | null = null;
  return () =>
    (running ??= refresh().finally(() => {
      running = null;
    }));
});
