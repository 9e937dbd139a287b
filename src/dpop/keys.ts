import type { ProofPlatform } from '../core/model/proofs.ts';
import type { TokenSet } from '../core/model/token-set.ts';
import type { ProofKey } from './proof.ts';

/** The members of a token set that name its key. */
export type KeyName = Readonly<Record<string, unknown>>;

/** A key, and how tokens name it. */
export interface NamedKey {
  readonly key: ProofKey;
  readonly name: KeyName;
}

/** Where the keys are: in the browser, or with the tokens of a server. */
export interface Keys {
  /** Makes a key. */
  readonly make: (platform: ProofPlatform) => Promise<NamedKey>;
  /**
   * Resolves to the key that tokens name, or to `null` if it is gone.
   *
   * @throws AuthError `storage_unavailable` if that cannot be known
   */
  readonly find: (platform: ProofPlatform, extra: NonNullable<TokenSet['extra']>) => Promise<NamedKey | null>;
}

/** Returns the name of the key of a token set. */
export function jktOf(tokens: Pick<TokenSet, 'extra'> | null | undefined): string | undefined {
  const jkt = tokens?.extra?.['dpop_jkt'];
  return typeof jkt === 'string' ? jkt : undefined;
}
