import type { AuthSnapshot } from '../../core/model/snapshot.ts';
import type { SessionChange, Source } from './log-entry.ts';
import { tokenLifeOf } from './token-life.ts';

/**
 * Lists what changed between two snapshots of a client.
 *
 * @param source who made the change
 * @param longestLeadMs the client's `leadMs`
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
  const { sessionId } = next;
  const life = tokenLifeOf(next, longestLeadMs);
  if (sessionId === null || life === null) return null;
  const sameSession = sessionId === previous.sessionId;
  if (sameSession && life.receivedAt === previous.receipt?.receivedAt) return null;
  return { type: sameSession ? 'tokensRenewed' : 'sessionStarted', sessionId, ...life, source };
}

function endChange(previous: AuthSnapshot, next: AuthSnapshot, source: Source): SessionChange | null {
  if (next.status !== 'signedOut' || previous.status === 'signedOut') return null;
  // A page that starts signed out logs an end only if the record has a reason. Without a reason there was no session.
  if (previous.status === 'loading' && next.endReason === null) return null;
  return { type: 'sessionEnded', source, sessionId: previous.sessionId, reason: next.endReason };
}

function refreshChange(previous: AuthSnapshot, next: AuthSnapshot): SessionChange | null {
  const { status, sessionId, refresh } = next;
  if ((status === 'signedOut' && refresh.state === 'idle') || (refresh.state === previous.refresh.state && refresh.error?.message === previous.refresh.error?.message && refresh.retryAt === previous.refresh.retryAt)) return null;
  const detail = refresh.error?.message ?? '';
  if (refresh.state === 'running') return { type: 'refreshStarted', sessionId };
  if (refresh.state === 'waiting') return { type: 'refreshWaiting', sessionId, retryAt: refresh.retryAt ?? 0, detail };
  return refresh.state === 'blocked' ? { type: 'refreshBlocked', sessionId, detail } : null;
}
