import { observe, type AuthClient } from 'unexpired';
import type { Activity } from './activity.ts';

/** Counts a client's calls and refreshes, and logs each replay. */
export function logCalls(auth: AuthClient, activity: Activity): void {
  const named = new Map<number, string>();

  observe(auth, (event) => {
    switch (event.type) {
      case 'refreshAnswered':
        return activity.count(event.outcome === 'granted' ? 'refreshes' : 'failedRefreshes');
      case 'callStarted':
        named.set(event.call, `${event.method} ${new URL(event.address).pathname}`);
        return activity.count('calls');
      case 'callSent':
        if (event.send === 1) return;
        activity.count('replays');
        return activity.log(`${named.get(event.call) ?? 'Call'} rejected (450) and replayed.`);
      case 'callSettled':
      case 'callFailed':
        return void named.delete(event.call);
    }
  });
}
