import type { EndReason } from './model/refresh-outcome.ts';
import type { AuthSnapshot } from './model/snapshot.ts';
import type { TokenSet } from './model/token-set.ts';
import { runOwnCode } from './platform/own-code.ts';
import type { ClientDoor } from './inspector.ts';

/** Reads the user in the tokens, so that the same user is recognised after another sign-in. */
export type SubjectOf = (tokens: TokenSet) => string | null | undefined;

/** The user whose calls are held. Another user gets another object. */
export interface HeldUser {
  /** The id of the first session of this user in this tab. */
  readonly key: string;
  readonly sessionIds: Set<string>;
  subject: string | null;
}

/** Follows the sessions of a client. A session that ends, but not by a sign-out, is lost until the same user signs in again. */
export interface HeldSession {
  readonly follow: () => void;
  /** The user who is signed in, or whose session is lost; `null` if there is none. */
  readonly user: () => HeldUser | null;
  /** Why the session is lost; `null` unless it is. */
  readonly cause: () => EndReason | null;
  /** Gives up a lost session, and with `isForGood` each later one, too. */
  readonly drop: (isForGood?: boolean) => void;
}

/**
 * Creates the follower of one client.
 *
 * @param onLost called when a session is lost
 * @param onChange called when a session is lost, or is lost no more
 */
export function createHeldSession({ platform, store }: ClientDoor, subjectOf: SubjectOf | undefined, onLost: (user: HeldUser) => void, onChange: () => void): HeldSession {
  let user: HeldUser | null = null;
  let cause: EndReason | null = null;
  let seen: AuthSnapshot | null = null;
  let isOver = false;

  function follow(): void {
    const snapshot = store.getSnapshot();
    if (snapshot === seen || isOver) return;
    seen = snapshot;
    if (snapshot.sessionId !== null) adopt(snapshot.sessionId, subjectNow(snapshot));
    else if (user && snapshot.status === 'signedOut') lose(user, snapshot.endReason);
  }

  /** Returns `undefined` if the subject is not known before this tab has an access token of its own. */
  function subjectNow({ tokens }: AuthSnapshot): string | null | undefined {
    const state = store.getState();
    const stored = (state.status === 'signedIn' && state.record.session.subject) || null;
    if (!subjectOf) return stored;
    return tokens ? runOwnCode(platform, () => subjectOf(tokens), () => null) ?? stored : undefined;
  }

  function adopt(sessionId: string, subject: string | null | undefined): void {
    const isSame = user && (user.sessionIds.has(sessionId) || (!!subject && subject === user.subject));
    if (user && isSame) {
      user.sessionIds.add(sessionId);
      user.subject = subject ?? user.subject;
    } else if (cause === null || subject !== undefined) {
      user = { key: sessionId, sessionIds: new Set([sessionId]), subject: subject ?? null };
    } else return;
    if (cause === null) return;
    cause = null;
    onChange();
  }

  function lose(lost: HeldUser, endReason: EndReason | null): void {
    if (endReason === null || endReason === 'sign_out') return drop();
    if (cause !== null) return;
    cause = endReason;
    onLost(lost);
    onChange();
  }

  function drop(isForGood = false): void {
    isOver ||= isForGood;
    user = null;
    if (cause === null) return;
    cause = null;
    onChange();
  }

  return { follow, user: () => user, cause: () => cause, drop };
}
