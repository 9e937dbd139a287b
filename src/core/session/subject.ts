import type { TokenSet } from '../model/token-set.ts';
import { runOwnCode } from '../platform/own-code.ts';
import type { ClientContext } from './client-context.ts';

/** Returns the name of the user that tokens are for, as the protocol reads it; `undefined` if they do not say. */
export function subjectFrom({ platform, protocol }: Pick<ClientContext, 'platform' | 'protocol'>, tokens: TokenSet): string | undefined {
  return runOwnCode(platform, () => protocol.subjectOf?.(tokens), () => null) || undefined;
}
