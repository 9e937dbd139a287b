import { leadMs } from '../../core/model/refresh-policy.ts';
import type { AuthSnapshot } from '../../core/model/snapshot.ts';

/** How much of a token's life is left. */
export interface LifeLeft {
  readonly lifetimeMs: number;
  readonly leftMs: number;
  readonly leadMs: number;
}

/** The life of the present token; `null` where there is none, or no known expiry. */
export function lifeLeftOf({ receipt }: AuthSnapshot, longestLeadMs: number, now: number): LifeLeft | null {
  const lifetimeMs = receipt?.lifetimeMs ?? null;
  if (receipt === null || lifetimeMs === null) return null;
  const leftMs = Math.min(lifetimeMs, Math.max(0, receipt.receivedAt + lifetimeMs - now));
  return { lifetimeMs, leftMs, leadMs: leadMs(lifetimeMs, longestLeadMs) };
}
