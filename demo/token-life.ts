import type { AuthSnapshot } from 'unexpired';
import { issuedAtOf } from './token-claims.ts';

/** An access token's life, as far as it can be shown. */
export interface TokenLife {
  readonly leftMs: number;
  readonly lifetimeMs: number;
  /** The client refreshes when about this much is left. */
  readonly leadMs: number;
}

/** Tokens state whole seconds, so the client takes one second off. */
const GRAIN_MS = 1000;
const LONGEST_LEAD_MS = 600_000;

/** Calculates how much of a token's life is left; `null` if it has no known expiry. */
export function tokenLifeOf(snapshot: AuthSnapshot, now: number): TokenLife | null {
  const expiresAt = snapshot.tokens?.expiresAt ?? null;
  const issuedAt = issuedAtOf(snapshot);
  if (expiresAt === null || issuedAt === null || expiresAt <= issuedAt) return null;
  const lifetimeMs = expiresAt - issuedAt;
  const grain = Math.min(GRAIN_MS, lifetimeMs / 4);
  const leadMs = grain + Math.min(LONGEST_LEAD_MS, (lifetimeMs - grain) / 4);
  const leftMs = Math.min(lifetimeMs, Math.max(0, expiresAt - snapshot.clockOffset - now));
  return { leftMs, lifetimeMs, leadMs };
}
