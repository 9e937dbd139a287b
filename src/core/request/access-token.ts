import { invalidSetting, tokenOnServer } from '../model/auth-error.ts';
import type { AcquireToken } from '../refresh/token-source.ts';
import type { ClientContext } from '../session/client-context.ts';
import { untilAborted } from './replayable-body.ts';

/** The options of `getAccessToken`. */
export interface AccessTokenOptions {
  /** How long the token must remain valid, ms. More than half of the token's life counts as half of it. */
  readonly minValidityMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves to a token that can be used now. `owner` resolves to the id of the session that the token must be of. */
export type GetAccessToken = (options?: AccessTokenOptions, owner?: (signal: AbortSignal | null) => Promise<string>) => Promise<string>;

/** Creates the source of tokens for transports of the app. */
export function createGetAccessToken({ accessToken }: Pick<ClientContext, 'accessToken'>, acquireToken: AcquireToken): GetAccessToken {
  return async ({ minValidityMs = 0, signal: own } = {}, owner) => {
    if (accessToken === 'server') throw tokenOnServer();
    const signal = own ?? null;
    if (!(minValidityMs >= 0)) throw invalidSetting('minValidityMs', minValidityMs);
    const token = async () => (await acquireToken({ minValidityMs, signal, sessionId: (await owner?.(signal)) ?? null })).record.session.tokens.accessToken;
    return untilAborted(signal, token());
  };
}
