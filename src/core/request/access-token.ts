import { invalidSetting, sessionChanged } from '../model/auth-error.ts';
import type { Session } from '../model/storage-record.ts';
import type { AcquireToken } from '../refresh/token-source.ts';
import type { ClientContext } from '../session/client-context.ts';
import type { SessionStore } from '../session/session-store.ts';
import { createRejectionMemory } from './rejection.ts';
import type { Renew } from './renewal.ts';
import { untilAborted } from './replayable-body.ts';

/** How many access tokens of the current session are recognised as rejected. */
const RECOGNISED_TOKENS = 20;

/** The options of `getAccessToken`. */
export interface AccessTokenOptions {
  /** How long the token must remain valid, ms. More than half of the token's life counts as half of it. */
  readonly minValidityMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * A token that the API has rejected, for a transport of your own, such as an upload by `XMLHttpRequest`. It is refreshed
   * once, however often it is passed. A token that has replaced a rejected one is not refreshed again for 30 s.
   */
  readonly rejected?: string | undefined;
}

/** Creates the source of tokens for transports of the app. */
export function createGetAccessToken({ platform }: ClientContext, store: SessionStore, acquireToken: AcquireToken, renew: Renew): (options?: AccessTokenOptions) => Promise<string> {
  const memory = createRejectionMemory(platform);
  const isOfSession = recogniseTokens(store);

  async function replacing(rejected: string, signal: AbortSignal | null): Promise<Session> {
    const { session } = (await acquireToken({ signal, minValidityMs: -Infinity })).record; // Any token will do, because it is compared only.
    if (!isOfSession(rejected)) throw sessionChanged(); // The second send would go out as another user.
    if (session.tokens.accessToken !== rejected || memory.has(session, session.tokens)) return session;
    const renewed = await renew(session, signal);
    memory.add(renewed);
    return renewed;
  }

  return async ({ minValidityMs = 0, signal: own, rejected } = {}) => {
    const signal = own ?? null;
    if (!(minValidityMs >= 0)) throw invalidSetting('minValidityMs', minValidityMs);
    const token = async () => {
      const sessionId = rejected === undefined ? null : (await replacing(rejected, signal)).sessionId;
      return (await acquireToken({ minValidityMs, signal, sessionId })).record.session.tokens.accessToken;
    };
    return untilAborted(signal, token());
  };
}

/** Returns whether a token is one of the latest of the current session. The tokens of a session are dropped when it ends. */
function recogniseTokens(store: SessionStore): (token: string) => boolean {
  let owner: string | null = null;
  let known: readonly string[] = [];
  store.subscribe(() => {
    const { sessionId, tokens } = store.getSnapshot();
    if (sessionId !== owner) known = [];
    owner = sessionId;
    if (tokens && tokens.accessToken !== known[0]) known = [tokens.accessToken, ...known].slice(0, RECOGNISED_TOKENS);
  });
  return (token) => known.includes(token);
}
