import type { InitialSession } from './confirm-session.ts';
import type { ClientDoor } from './inspector.ts';
import { presumeChange } from './model/record-change.ts';
import { accessGenerationOf, isPresumed } from './model/storage-record.ts';

/**
 * Does what `confirmSession` does, if the refresh token is in a cookie.
 *
 * It never rejects.
 */
export async function confirmByCookie({ protocol, platform, store, start, removeCookie, acquireToken }: ClientDoor, initial: InitialSession): Promise<void> {
  try {
    // If storage has no session, the cookie still has one. This comes first, so that the page does not show that it is signed out meanwhile.
    const presume = () => store.write(presumeChange(platform.randomId(), true));
    // A write of no change reads storage, and presumes no session. With a hint cookie, that cookie decides.
    const read = () => (initial.isUncertain || protocol.refreshCookie?.hint ? store.sync() : store.write((current) => current));
    const expected = initial.status === 'signedIn' ? presume() : read();
    start();
    await expected;
    const found = store.getState();
    if (initial.status === 'signedIn' && found.status === 'signedOut' && found.record.clearing && found.record.endedExtra?.['session'] !== initial.session) {
      await removeCookie(); // The sign-out of an earlier session comes first. If it has its answer, the later session can be restored.
      await presume();
    }
    const state = store.getState();
    if (state.status !== 'signedIn' || isPresumed(state.record.session)) return;
    const { session } = state.record;
    if (session.tokens.extra?.['session'] !== initial.session) await acquireToken({ rejectedGeneration: accessGenerationOf(session), isByApp: true });
  } catch {
    // The client shows why.
  }
}
