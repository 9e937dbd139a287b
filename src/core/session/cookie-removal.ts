import { revoke } from '../endpoint/revocation.ts';
import { clearedChange } from '../model/record-change.ts';
import { IN_COOKIE, type TokenSet } from '../model/token-set.ts';
import type { ClientContext } from './client-context.ts';
import type { HoldJar } from './cookie-jar.ts';
import type { SessionStore } from './session-store.ts';

/**
 * Lets the API remove the cookie, if a sign-out is stored and no answer has confirmed it.
 *
 * It never rejects. If the request fails, the record keeps that, and the next start of a client tries again.
 *
 * @param tokens the tokens of the session that has ended, if the tab has them
 */
export type RemoveCookie = (tokens?: TokenSet | null) => Promise<void>;

const UNKNOWN: TokenSet = { accessToken: '', refreshToken: IN_COOKIE, expiresAt: null, scopes: [] };

/** Creates the removal of one client. */
export function createRemoveCookie(context: ClientContext, store: SessionStore, holdJar: HoldJar): RemoveCookie {
  const { protocol, disposed } = context;

  function unconfirmed() {
    const state = store.getState();
    return state.status === 'signedOut' && state.record.clearing && !disposed.aborted ? state.record : null;
  }

  return async (tokens) => {
    if (!unconfirmed()) return;
    await holdJar(async () => {
      const record = unconfirmed(); // Another tab may have done it meanwhile, or a user has signed in, whose cookie must stay.
      if (record && (await revoke(context, protocol, tokens ?? { ...UNKNOWN, extra: record.endedExtra }))) await store.write(clearedChange(record));
    });
  };
}

/** Notes that an attempt is over, if the user has signed out during it. Its answer can set the cookie no more, so the sign-out need not wait. */
export async function noteAnswered(store: SessionStore, attemptId: string): Promise<void> {
  const state = store.getState();
  if (state.status === 'signedOut' && state.record.pendingAttemptId === attemptId) await store.write(clearedChange(state.record, true));
}
