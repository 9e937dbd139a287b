import type { CallSummary } from './call-summary.ts';

/** Requests in a row that look the same in the log. */
export interface CallRun extends Pick<CallSummary, 'id' | 'endpoint' | 'method' | 'path' | 'status' | 'errorCode' | 'token' | 'refreshToken'> {
  readonly times: number;
}

/** Groups requests that look the same, so that a burst takes a few lines. Oldest first. */
export function runsOf(calls: readonly CallSummary[]): CallRun[] {
  const runs: CallRun[] = [];
  for (const { id, endpoint, method, path, status, errorCode, token, refreshToken } of calls) {
    const call = { id, endpoint, method, path: path.replace(/\?.*/, ''), status, errorCode, token, refreshToken, times: 1 };
    const last = runs.at(-1);
    if (last && lineOf(last) === lineOf(call)) runs[runs.length - 1] = { ...last, times: last.times + 1 };
    else runs.push(call);
  }
  return runs;
}

function lineOf({ method, path, status, errorCode, token, refreshToken }: CallRun): string {
  return [method, path, status, errorCode, token, refreshToken].join();
}
