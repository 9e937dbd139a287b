import type { AuthClient } from 'unexpired';
import type { Activity } from './activity.ts';

/** Never leaves this page: the inner interceptor takes it off again. */
const CALL_ID = 'x-demo-call';

/** Counts the calls of a client, and those that it sends a second time. */
export function countCalls(auth: AuthClient, activity: Activity): void {
  const attempts = new Map<string, number>();
  let lastCall = 0;

  auth.intercept(async (request, next) => {
    const id = String((lastCall += 1));
    attempts.set(id, 0);
    activity.add({ calls: 1 });
    try {
      return await next(withHeaders(request, (headers) => headers.set(CALL_ID, id)));
    } finally {
      attempts.delete(id);
    }
  });

  auth.intercept(
    (request, next) => {
      const id = request.headers.get(CALL_ID) ?? '';
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      if (attempt === 2) noteReplay(activity, request);
      return next(withHeaders(request, (headers) => headers.delete(CALL_ID)));
    },
    { each: 'attempt' },
  );
}

function noteReplay(activity: Activity, request: Request): void {
  activity.add({ replays: 1 });
  activity.tell(`The API refused the token of ${request.method} ${new URL(request.url).pathname}; sent once more with a new one.`);
}

function withHeaders(request: Request, change: (headers: Headers) => void): Request {
  const headers = new Headers(request.headers);
  change(headers);
  return new Request(request, { headers });
}
