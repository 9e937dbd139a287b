import { leadMs } from '../../core/model/refresh-policy.ts';
import type { AuthSnapshot } from '../../core/model/snapshot.ts';
import { issuedAt, type TokenSet } from '../../core/model/token-set.ts';

/** An access token's life, as the token itself states it. */
export interface TokenLife {
  /** Epoch ms by the device's clock. */
  readonly receivedAt: number;
  /** How long the token is valid from then, ms; `null` if that is unknown. */
  readonly lifetimeMs: number | null;
  /** How long before expiry the refresh is due, ms. */
  readonly leadMs: number;
}

/** Works out the life of the current token; `null` if there is none. */
export function tokenLifeOf({ tokens, receipt }: AuthSnapshot, longestLeadMs: number): TokenLife | null {
  if (tokens === null || receipt === null) return null;
  const { receivedAt, lifetimeMs: usableMs } = receipt;
  const lifetimeMs = usableMs === null ? null : usableMs + reserveMs(tokens, usableMs);
  return { receivedAt, lifetimeMs, leadMs: leadMs(usableMs, longestLeadMs) + (lifetimeMs ?? 0) - (usableMs ?? 0) };
}

/** The client stops using a token up to a second early, because the times in a token are whole seconds. */
const LONGEST_RESERVE_MS = 1000;

function reserveMs({ accessToken, expiresAt }: TokenSet, usableMs: number): number {
  const stated = (expiresAt ?? NaN) - (issuedAt(accessToken) ?? NaN);
  const reserve = stated - usableMs;
  return reserve > 0 && reserve <= LONGEST_RESERVE_MS ? reserve : 0;
}
