import { endChange } from '../model/record-change.ts';
import { accessGenerationOf, type Session } from '../model/storage-record.ts';
import { isRenewable } from '../model/token-set.ts';
import type { AcquireToken } from '../refresh/token-source.ts';
import type { SessionStore } from '../session/session-store.ts';

/** Resolves to the same session with another token than the rejected one. A session that cannot be refreshed ends. */
export type Renew = (rejected: Session, signal: AbortSignal | null, isOptional?: boolean) => Promise<Session>;

/** Creates the renewal of one client. */
export function createRenewal({ store, acquireToken }: { readonly store: SessionStore; readonly acquireToken: AcquireToken }): Renew {
  return async (rejected, signal, isOptional = false) => {
    const { sessionId } = rejected;
    if (!isRenewable(rejected.tokens)) await store.write(endChange(rejected, 'token_rejected'));
    return (await acquireToken({ signal, sessionId, isOptional, rejectedGeneration: accessGenerationOf(rejected) })).record.session;
  };
}
