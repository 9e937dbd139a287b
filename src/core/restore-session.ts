import type { AuthClient } from './auth-client.ts';
import { inspectorOf } from './inspector.ts';
import { AuthError, invalidSetting } from './model/auth-error.ts';
import { presumeChange } from './model/record-change.ts';
import { accessGenerationOf } from './model/storage-record.ts';
import type { AuthSnapshot } from './model/snapshot.ts';

/**
 * Asks the API whether the cookie of the refresh token has a session. Call it if the server has signed a user in, for example on a page
 * of its own.
 *
 * A page asks by itself when it loads with an empty storage, or with the hint cookie of the protocol. If the API then refused the app, or
 * its answer could not be read, this function asks again. If the protocol has a sign-out
 * request, and the last sign-out has no answer yet, this function restores nothing.
 *
 * @param client a client whose protocol has `refreshToken: inCookie()`
 * @returns the snapshot: signed in, or signed out if there is no session
 * @throws AuthError `refresh_unavailable` or `misconfigured` if the API could not be asked, `disposed`, and `invalid_config` with the field
 * `client`
 * @example
 * ```ts
 * import { restoreSession, type AuthClient } from 'unexpired/core';
 * async function afterServerSignIn(auth: AuthClient) {
 *   return (await restoreSession(auth)).status === 'signedIn';
 * }
 * ```
 */
export async function restoreSession(client: AuthClient): Promise<AuthSnapshot> {
  const { door: { protocol, platform, store, start, acquireToken } } = inspectorOf(client);
  if (!protocol.refreshCookie) throw invalidSetting('client', client, 'client with a cookie');
  start();
  await store.sync();
  const ask = presumeChange(platform.randomId(), true);
  // If the API cannot remove the cookie, no answer ever confirms a sign-out, so the app's word for a later sign-in counts.
  const { record: { session } } = await store.write((current) => ask(protocol.revokeRequest || current.session ? current : { ...current, clearing: undefined }));
  try {
    // A session that is known may be that of a former user, so it is refreshed, too.
    await acquireToken({ rejectedGeneration: session ? accessGenerationOf(session) : null, isByApp: true });
  } catch (error) {
    if (!AuthError.is(error) || !['signed_out', 'session_ended', 'session_changed'].includes(error.code)) throw error;
  }
  return client.getSnapshot();
}
