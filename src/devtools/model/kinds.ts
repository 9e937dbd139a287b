import type { LogEntry } from './log-entry.ts';

/** The topics that lines are filtered by. */
export type Kind = 'session' | 'refresh' | 'calls' | 'storage';

export const KINDS: readonly Kind[] = ['session', 'refresh', 'calls', 'storage'];

const KIND_OF: Readonly<Record<LogEntry['type'], Kind>> = {
  signInStarted: 'session',
  signOutStarted: 'session',
  sessionStarted: 'session',
  sessionEnded: 'session',
  activityNoted: 'session',
  tokensRenewed: 'refresh',
  refreshStarted: 'refresh',
  lockTaken: 'refresh',
  lockReleased: 'refresh',
  refreshSent: 'refresh',
  refreshAnswered: 'refresh',
  refreshRefused: 'refresh',
  refreshWaiting: 'refresh',
  refreshBlocked: 'refresh',
  recordWritten: 'storage',
  recordUnreadable: 'storage',
  storageChanged: 'storage',
  callStarted: 'calls',
  callSent: 'calls',
  callAnswered: 'calls',
  callSettled: 'calls',
  callFailed: 'calls',
};

/** Returns the topic of a line. */
export function kindOf({ type }: LogEntry): Kind {
  return KIND_OF[type] ?? 'session';
}
