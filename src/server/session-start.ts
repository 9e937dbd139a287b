import { unavailable } from '../core/model/auth-error.ts';
import { problemOf } from '../core/model/foreign-error.ts';
import type { SignInInput } from '../core/session/sign-in.ts';
import type { ServerPlatform } from './server-platform.ts';
import { createSessionClient, type Engine, type SessionClient, type WaitUntil } from './session-client.ts';
import type { SessionClients } from './session-clients.ts';
import type { SessionCookie } from './session-cookie.ts';
import { drawSessionId, keyOf } from './session-id.ts';
import { snapshotOf } from './session.ts';
import { waitUntilOf, type RequestOptions } from './request-options.ts';

/** When a sign-in that the store could not keep may be tried again, ms. */
const RETRY_MS = 1000;

/** Starts a session with a new id. */
export type StartSession = (input: SignInInput, request?: Pick<Request, 'headers'>, options?: RequestOptions) => Promise<{ readonly client: SessionClient; readonly setCookie: string }>;

/** Creates the sign-in. A session that the store could not keep is none, because the next request may reach another instance. */
export function createSessionStart(engine: Engine, platform: ServerPlatform, clients: SessionClients, cookie: SessionCookie): StartSession {
  const { store } = engine.rows;

  /** Ends the session that the browser had before. The tokens of the same user stay valid, because some APIs have one grant a user. */
  async function endFormer(id: string, subject: string | null, waitUntil: WaitUntil | undefined): Promise<void> {
    const former = await clients.load(await keyOf(platform.crypto, id), waitUntil, false);
    const state = former.store.getState();
    if (state.status !== 'signedIn') return;
    const isSameUser = subject !== null && state.record.session.subject === subject;
    await (isSameUser ? former.remove() : former.signOut());
  }

  return async (input, request, options) => {
    const waitUntil = waitUntilOf(options);
    const formerId = request === undefined ? null : cookie.read(request);
    const id = drawSessionId(platform.crypto);
    const client = createSessionClient(engine, await keyOf(platform.crypto, id), true);
    clients.add(client);
    client.store.adopt(null);
    if (waitUntil) client.keepAlive(waitUntil);
    await engine.rows.clock.onDevice(client.signIn(input));
    // Without a row, `begin` would read that the session is over, and nothing would be left to store.
    const isBegun = !client.store.whenStored() && (await engine.rows.clock.onDevice(client.limit.begin()).then(() => true, () => false));
    if (!isBegun || client.store.whenStored()) {
      await client.signOut().catch(() => undefined); // Its error would only repeat the one below.
      throw unavailable(`The session store (${store.name}) could not keep the session, so no user is signed in; try again.`, platform.now().wall + RETRY_MS, 'storage_unavailable');
    }
    // No browser has the id of the former session any more. If that cannot be read, its user must still be able to sign in.
    if (formerId !== null) await endFormer(formerId, snapshotOf(client).subject, waitUntil).catch((error: unknown) => platform.warn(`unexpired: a sign-in could not end the former session of the browser: ${problemOf(error)}`));
    return { client, setCookie: cookie.set(id) };
  };
}
