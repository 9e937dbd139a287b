import { leadMs } from '../../core/model/refresh-policy.ts';
import type { AuthSnapshot } from '../../core/model/snapshot.ts';
import type { SessionChange, Source } from './log-entry.ts';

/**
 * Tells two snapshots of a client apart.
 *
 * @param source who made the change
 * @param longestLeadMs the client's `leadMs`, ms
 */
export function changesBetween(previous: AuthSnapshot, next: AuthSnapshot, source: Source, longestLeadMs: number): SessionChange[] {
  return [
    tokenChange(previous, next, source, longestLeadMs),
    endChange(previous, next, source),
    refreshChange(previous, next),
    previous.storage !== next.storage && previous.status !== 'loading' ? { type: 'storageChanged' as const, storage: next.storage } : null,
  ].filter((change) => change !== null);
}

function tokenChange(previous: AuthSnapshot, next: AuthSnapshot, source: Source, longestLeadMs: number): SessionChange | null {
  const { sessionId, receipt } = next;
  if (sessionId === null || receipt === null) return null;
  const sameSession = sessionId === previous.sessionId;
  if (sameSession && receipt.receivedAt === previous.receipt?.receivedAt) return null;
  const { receivedAt, lifetimeMs } = receipt;
  return {
    ...{ type: sameSession ? ('tokensRenewed' as const) : ('sessionStarted' as const), sessionId, receivedAt, lifetimeMs },
    ...{ leadMs: leadMs(lifetimeMs, longestLeadMs), source },
  };
}

function endChange(previous: AuthSnapshot, next: AuthSnapshot, source: Source): SessionChange | null {
  if (next.status !== 'signedOut' || previous.status === 'signedOut') return null;
  // Nobody was there before: only a session that ended earlier is worth a line.
  if (previous.status === 'loading' && next.endReason === null) return null;
  return { type: 'sessionEnded', source, sessionId: previous.sessionId, reason: next.endReason };
}

function refreshChange(previous: AuthSnapshot, next: AuthSnapshot): SessionChange | null {
  const { sessionId, refresh } = next;
  if (sessionId === null || (refresh.state === previous.refresh.state && refresh.error?.message === previous.refresh.error?.message && refresh.retryAt === previous.refresh.retryAt)) return null;
  const detail = refresh.error?.message ?? '';
  if (refresh.state === 'running') return { type: 'refreshStarted', sessionId };
  if (refresh.state === 'waiting') return { type: 'refreshWaiting', sessionId, retryAt: refresh.retryAt ?? 0, detail };
  return refresh.state === 'blocked' ? { type: 'refreshBlocked', sessionId, detail } : null;
}
