import { outcomeOf } from './outcome.ts';

/** Answers each path with the status of the call, or with the code of its error. */
self.onmessage = async ({ data: { id, path } }: MessageEvent<{ id: number; path: string }>) => {
  self.postMessage({ id, outcome: await outcomeOf(path) });
};
