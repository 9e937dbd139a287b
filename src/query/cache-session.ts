import type { AuthClient } from '../core/auth-client.ts';
import { holdOf } from '../core/inspector.ts';
import type { AuthSnapshot } from '../core/model/snapshot.ts';

/**
 * The session whose data a cache may hold. While the session is lost and its calls are held, it keeps its id, and `status` is `signedOut`.
 * If the same user then signs in again, it keeps its id, too.
 */
export type CacheSession = Pick<AuthSnapshot, 'status' | 'sessionId'>;

/** Returns the session whose data a cache may hold at this moment. */
export function cacheSessionOf(client: AuthClient): CacheSession {
  const { status, sessionId } = client.getSnapshot();
  const hold = holdOf(client);
  return hold ? { status: isLost(client) ? 'signedOut' : status, sessionId: hold.getUserKey() } : { status, sessionId };
}

/** Whether the calls of the session are held, because it has ended. */
export function isLost(client: AuthClient): boolean {
  return !!holdOf(client)?.getSnapshot().cause;
}
