import type { AuthClient } from 'unexpired';
import type { Activity } from './activity.ts';

/** Counts what a client does, and tells of each call that it sends a second time. */
export function countEvents(auth: AuthClient, activity: Activity): void {
  const named = new Map<number, string>();

  auth.on((event) => {
    switch (event.type) {
      case 'refreshSent':
        return activity.add({ refreshRequests: 1 });
      case 'callStarted':
        named.set(event.call, `${event.method} ${new URL(event.address).pathname}`);
        return activity.add({ calls: 1 });
      case 'callSent':
        if (event.send === 1) return;
        activity.add({ replays: 1 });
        return activity.tell(`The API refused the token of ${named.get(event.call) ?? 'a call'}; sent once more with a new one.`);
      case 'callSettled':
      case 'callFailed':
        return void named.delete(event.call);
    }
  });
}
