import type { AuthClient } from './auth-client.ts';
import { inspectorOf, type ClientDoor } from './inspector.ts';
import { sessionChanged } from './model/auth-error.ts';
import type { Session } from './model/storage-record.ts';
import type { AccessTokenOptions } from './request/access-token.ts';
import { createRejectionMemory } from './request/rejection.ts';

/** How many access tokens of the current session are recognised as rejected. */
const RECOGNISED_TOKENS = 20;

/**
 * Creates a function that replaces an access token that the API has rejected, for a transport of your own, such as an upload
 * by `XMLHttpRequest`.
 *
 * The function resolves to a token that can be used now. The rejected one is refreshed once, however often it is passed. A
 * token that has replaced a rejected one is not refreshed again for 30 s.
 *
 * The token is for a second send of the same request. So the function rejects with `session_changed` if the rejected token is none of
 * the last 20 of the current session. The request would be sent as another user.
 *
 * @param client the client that gave the rejected token; call this once, beside `createAuthClient`, because tokens from before are
 * not recognised
 * @returns a function of the rejected token and of the options of `getAccessToken`. It rejects as `getAccessToken` does
 * @throws AuthError `invalid_config`, with the field `client`
 * @example
 * ```ts
 * import { createTokenReplacer, type AuthClient } from 'unexpired/core';
 * function uploads(auth: AuthClient, send: (token: string) => Promise<XMLHttpRequest>) {
 *   const replaceToken = createTokenReplacer(auth);
 *   return async () => {
 *     const token = await auth.getAccessToken();
 *     const first = await send(token);
 *     return first.status === 401 ? send(await replaceToken(token)) : first;
 *   };
 * }
 * ```
 */
export function createTokenReplacer(client: AuthClient): (rejected: string, options?: AccessTokenOptions) => Promise<string> {
  const { door } = inspectorOf(client);
  const { platform, start, acquireToken, renew, getAccessToken } = door;
  const memory = createRejectionMemory(platform);
  const isOfSession = recogniseTokens(door);

  async function replace(rejected: string, signal: AbortSignal | null): Promise<Session> {
    const { session } = (await acquireToken({ signal, minValidityMs: -Infinity })).record; // Any token will do, because it is compared only.
    if (!isOfSession(rejected)) throw sessionChanged(); // The second send would go out as another user.
    if (session.tokens.accessToken !== rejected || memory.has(session, session)) return session;
    const renewed = await renew(session, signal);
    memory.add(renewed);
    return renewed;
  }

  return async (rejected, options) => {
    start();
    return getAccessToken(options, async (signal) => (await replace(rejected, signal)).sessionId);
  };
}

/** Returns whether a token is one of the latest of the current session. The tokens of a session are dropped when it ends. */
function recogniseTokens({ store }: ClientDoor): (token: string) => boolean {
  let owner: string | null = null;
  let known: readonly string[] = [];
  const note = () => {
    const { sessionId, tokens } = store.getSnapshot();
    if (sessionId !== owner) known = [];
    owner = sessionId;
    if (tokens && tokens.accessToken !== known[0]) known = [tokens.accessToken, ...known].slice(0, RECOGNISED_TOKENS);
  };
  note();
  store.subscribe(note);
  return (token) => known.includes(token);
}
