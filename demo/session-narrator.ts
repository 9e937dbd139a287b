import type { AuthClient, AuthSnapshot } from 'unexpired';
import type { Activity, TokenOrigin } from './activity.ts';
import type { GrantKind, GrantWatch } from './grant-watch.ts';
import { endWords } from './words.ts';

const ORIGIN_WORDS: Readonly<Record<TokenOrigin, string>> = {
  signedInHere: 'Signed in here.',
  refreshedHere: 'Refreshed by this tab.',
  adopted: 'New token adopted from another tab: no request needed.',
  found: 'Session found in storage: no request needed.',
};

/** Tells the activity what changes in the session. */
export function narrateSession(auth: AuthClient, activity: Activity, grants: GrantWatch): void {
  let last = auth.getSnapshot();
  auth.subscribe(() => {
    const next = auth.getSnapshot();
    const previous = last;
    last = next;
    narrate(previous, next, activity, grants);
  });
}

function narrate(previous: AuthSnapshot, next: AuthSnapshot, activity: Activity, grants: GrantWatch): void {
  if (next.tokens?.accessToken !== previous.tokens?.accessToken && next.tokens) return tellToken(previous, next, activity, grants.take());
  if (next.status === 'signedOut' && previous.status === 'signedIn') return activity.tell(endWords(next.endReason).title, { origin: null });
  if (next.refresh.error !== null && next.refresh.error !== previous.refresh.error && previous.refresh.state === 'running') {
    activity.tell(next.refresh.state === 'blocked' ? 'The API refuses this app: no more tries.' : 'A refresh failed; the session stays, the next try is set.');
  }
}

function tellToken(previous: AuthSnapshot, next: AuthSnapshot, activity: Activity, grant: GrantKind | null): void {
  const origin = originOf(previous, next, grant);
  if (origin === 'adopted') activity.add({ adoptions: 1 });
  activity.tell(ORIGIN_WORDS[origin], { origin });
}

function originOf(previous: AuthSnapshot, next: AuthSnapshot, grant: GrantKind | null): TokenOrigin {
  if (grant !== null) return grant === 'refresh' ? 'refreshedHere' : 'signedInHere';
  if (previous.status === 'loading') return 'found';
  return previous.sessionId === next.sessionId ? 'adopted' : 'found';
}
