import { observe, type AuthClient, type AuthSnapshot } from 'unexpired';
import type { Activity, TokenOrigin } from './activity.ts';
import { endWords } from './words.ts';

const ORIGIN_WORDS: Readonly<Record<TokenOrigin, string>> = {
  signedInHere: 'Signed in.',
  refreshedHere: 'Token refreshed by this tab.',
  adopted: 'Token adopted from another tab.',
  found: 'Session restored from storage.',
  restored: 'Session restored by the cookie.',
};

/** Logs each change of the session: a new token, a failed refresh, the end. */
export function logSession(auth: AuthClient, activity: Activity): void {
  let last = auth.getSnapshot();
  let obtained: TokenOrigin | null = null;
  observe(auth, (event) => {
    if (event.type === 'signInStarted') obtained = 'signedInHere';
    if (event.type === 'refreshAnswered' && event.outcome === 'granted') obtained = 'refreshedHere';
  });
  auth.subscribe(() => {
    const next = auth.getSnapshot();
    const previous = last;
    last = next;
    if (obtained === 'refreshedHere' && previous.status === 'loading') obtained = 'restored';
    const isNew = next.tokens !== null && next.tokens.accessToken !== previous.tokens?.accessToken;
    logChange(previous, next, activity, isNew ? (obtained ?? foundOrigin(previous, next)) : null);
    if (isNew) obtained = null;
  });
}

function logChange(previous: AuthSnapshot, next: AuthSnapshot, activity: Activity, origin: TokenOrigin | null): void {
  if (origin !== null) {
    if (origin === 'adopted') activity.count('adoptions');
    return activity.log(ORIGIN_WORDS[origin], { origin });
  }
  if (next.status === 'signedOut' && previous.status === 'signedIn') return activity.log(endWords(next.endReason).title, { origin: null });
  if (next.refresh.error !== null && next.refresh.error !== previous.refresh.error && previous.refresh.state === 'running') {
    activity.log(next.refresh.state === 'blocked' ? 'The API rejects this app. No more retries.' : 'Refresh failed. Still signed in, will retry.');
  }
}

function foundOrigin(previous: AuthSnapshot, next: AuthSnapshot): TokenOrigin {
  return previous.sessionId === next.sessionId ? 'adopted' : 'found';
}
