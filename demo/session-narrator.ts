import type { AuthClient, AuthSnapshot } from 'unexpired';
import type { Activity, TokenOrigin } from './activity.ts';
import { endWords } from './words.ts';

const ORIGIN_WORDS: Readonly<Record<TokenOrigin, string>> = {
  signedInHere: 'Signed in here.',
  refreshedHere: 'Refreshed by this tab.',
  adopted: 'New token adopted from another tab: no request needed.',
  found: 'Session found in storage: no request needed.',
};

/** Tells the activity what changes in the session. */
export function narrateSession(auth: AuthClient, activity: Activity): void {
  let last = auth.getSnapshot();
  let obtained: TokenOrigin | null = null;
  auth.on((event) => {
    if (event.type === 'signInStarted') obtained = 'signedInHere';
    if (event.type === 'refreshAnswered' && event.outcome === 'granted') obtained = 'refreshedHere';
  });
  auth.subscribe(() => {
    const next = auth.getSnapshot();
    const previous = last;
    last = next;
    const isNew = next.tokens !== null && next.tokens.accessToken !== previous.tokens?.accessToken;
    narrate(previous, next, activity, isNew ? (obtained ?? foundOrigin(previous, next)) : null);
    if (isNew) obtained = null;
  });
}

function narrate(previous: AuthSnapshot, next: AuthSnapshot, activity: Activity, origin: TokenOrigin | null): void {
  if (origin !== null) {
    if (origin === 'adopted') activity.add({ adoptions: 1 });
    return activity.tell(ORIGIN_WORDS[origin], { origin });
  }
  if (next.status === 'signedOut' && previous.status === 'signedIn') return activity.tell(endWords(next.endReason).title, { origin: null });
  if (next.refresh.error !== null && next.refresh.error !== previous.refresh.error && previous.refresh.state === 'running') {
    activity.tell(next.refresh.state === 'blocked' ? 'The API refuses this app: no more tries.' : 'A refresh failed; the session stays, the next try is set.');
  }
}

function foundOrigin(previous: AuthSnapshot, next: AuthSnapshot): TokenOrigin {
  return previous.sessionId === next.sessionId ? 'adopted' : 'found';
}
