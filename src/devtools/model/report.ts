import type { AuthSnapshot } from '../../core/model/snapshot.ts';
import type { LogEntry } from './log-entry.ts';

/** Writes the state and the log as JSON for a bug report. It contains no token, no claim and no query of an address. */
export function reportOf(snapshot: AuthSnapshot, log: readonly LogEntry[], now: number): string {
  const { status, endReason, sessionId, refresh, clockOffset, receipt, storage } = snapshot;
  const { state, retryAt, error } = refresh;
  const session = { status, endReason, sessionId, receipt, clockOffset, storage, refresh: { state, retryAt, error: error?.message ?? null } };
  return JSON.stringify({ madeAt: new Date(now).toISOString(), session, log }, null, 2);
}
