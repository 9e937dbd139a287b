import { auth } from './auth.ts';

/** Answers each path with the status of the call, or with the code of its error. */
self.onmessage = async ({ data: { id, path } }: MessageEvent<{ id: number; path: string }>) => {
  const outcome = await auth.fetch(path).then(({ status }) => status, (error: { code: string }) => error.code);
  self.postMessage({ id, outcome });
};
