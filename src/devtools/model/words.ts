import type { EndReason } from '../../core/model/refresh-outcome.ts';
import type { LogEntry, Source } from './log-entry.ts';
import type { TokenLife } from './token-life.ts';

/** How to colour a line. */
export type Tone = 'plain' | 'good' | 'warning' | 'bad';

/** A line in words: what happened and, if it helps, what that means. */
export interface Words {
  readonly title: string;
  readonly detail: string;
  readonly tone: Tone;
}

const BY: Readonly<Record<Source, string>> = {
  thisTab: 'By this tab.',
  otherTab: 'From another tab, no request needed.',
  storage: 'From storage, no request needed.',
};

const ENDS: Readonly<Record<EndReason, string>> = {
  sign_out: 'The user signed out, in all tabs. A refresh that was in flight is discarded.',
  refresh_token_invalid: 'The API rejected the refresh token. It was revoked, or used outside this app.',
  rotation_lost: 'The API rejected the refresh token. An earlier refresh got no usable answer, so the API had most likely rotated the token then. A short grace period for the old token on the server prevents this.',
  answer_unreadable: 'The API rejected the refresh token. It had answered an earlier refresh, but the answer could not be read, so its new tokens were lost. Correct the protocol.',
  refresh_refused: 'The API refused the refresh again and again, in words that the protocol does not know. If they are final, add them to the protocol.',
  expired: 'A known end has passed: that of both tokens, or the longest time that the server or the app allows.',
  idle: 'No activity in any tab for as long as the app allows.',
  key_lost: 'The key that the tokens are bound to is gone from this browser, for example because site data was cleared. No other key can prove a request.',
  login_required: 'The API requires a new login.',
  password_reset_required: 'The API requires a new password.',
  suspended: 'The user is suspended.',
  token_rejected: 'The API rejected the access token, and there is no refresh token.',
  storage_corrupt: 'The stored session could not be read.',
  newer_version: 'A newer version of the app has stored a session that this page cannot read. Load the page again.',
};

/** Explains why a session ended. */
export function wordsOfEnd(reason: EndReason | null): string {
  return reason === null ? 'It is no longer in storage.' : (ENDS[reason] ?? reason);
}

/** Names a tab. */
export function nameOfTab(tab: string, ownTab: string): string {
  return tab === ownTab ? 'this tab' : `tab ${tab.slice(-4)}`;
}

/** Formats a duration: `850 ms`, `12.5 s`, `30 s`, `3 min`. */
export function durationOf(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`;
  return ms < 5_400_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

/** Puts a line of the log into words. */
export function wordsOf(entry: LogEntry): Words {
  const says = (title: string, detail = '', tone: Tone = 'plain'): Words => ({ title, detail, tone });
  switch (entry.type) {
    case 'signInStarted': return says('Sign-in started');
    case 'signOutStarted': return says('Sign-out started');
    case 'sessionStarted': return says('Session started', `${BY[entry.source]} ${lifeWords(entry)}`, 'good');
    case 'tokensRenewed': return says('New tokens', `${BY[entry.source]} ${lifeWords(entry)}`, 'good');
    case 'sessionEnded': return says(`Session ended: ${entry.reason ?? 'removed'}`, wordsOfEnd(entry.reason), entry.reason === 'sign_out' ? 'plain' : 'bad');
    case 'activityNoted': return says('Activity', `Without more, the session ends in ${durationOf(entry.endsAt - entry.at)}.`);
    case 'refreshStarted': return entry.sessionId === null ? says('Restore started', 'The cookie may have a session, so the client asks the API.') : says('Refresh started', 'Waiting for the lock.');
    case 'lockTaken': return says('Lock taken', 'Other tabs wait for this one.');
    case 'lockReleased': return says('Lock released');
    case 'refreshSent': return says('Refresh sent', `Generation ${entry.generation}.`);
    case 'refreshAnswered': return says(`Refresh answered: ${entry.outcome}`, '', entry.outcome === 'granted' ? 'good' : 'bad');
    case 'refreshRefused': return says(`Refresh token refused: ${entry.endReason}`, entry.leftMs === null ? '' : `The access token lives ${durationOf(entry.leftMs)} more.`, 'bad');
    case 'refreshWaiting': return says(entry.sessionId === null ? 'Restore failed' : 'Refresh failed, session kept', `${entry.detail} Next attempt in ${durationOf(entry.retryAt - entry.at)}.`, 'warning');
    case 'refreshBlocked': return says(entry.sessionId === null ? 'Restore blocked' : 'Refresh blocked, session kept', entry.detail, 'bad');
    case 'storageChanged': return says(`Storage: ${entry.storage}`, entry.storage === 'memory' ? 'Storage failed, the session continues in memory.' : '', 'warning');
    case 'recordWritten': return says('Session stored', entry.stored ? `Revision ${entry.revision}.` : 'Storage failed, kept in memory only.', entry.stored ? 'plain' : 'warning');
    case 'recordUnreadable': return says('Stored session unreadable', entry.reason === 'newer_version' ? 'A newer version of the app wrote it.' : 'It is damaged, or encrypted with another key.', 'bad');
    case 'callStarted': return says(`${entry.method} ${pathOf(entry.address)}`, `Call ${entry.call} started.`);
    case 'callSent': return says(entry.send === 1 ? `Call ${entry.call} sent` : `Call ${entry.call} replayed`, entry.send === 1 ? '' : 'With the new token.');
    case 'callAnswered': return says(`Call ${entry.call} answered ${entry.status}`, '', entry.status < 400 ? 'plain' : 'warning');
    case 'callSettled': return says(`Call ${entry.call} done: ${entry.status}`, '', entry.status < 400 ? 'good' : 'bad');
    case 'callFailed': return says(`Call ${entry.call} failed: ${entry.error}`, '', 'bad');
    default: return says(String((entry as LogEntry).type), 'From another version of unexpired.');
  }
}

function lifeWords({ lifetimeMs, leadMs }: TokenLife): string {
  if (lifetimeMs === null) return 'No expiry known.';
  return `Lifetime ${durationOf(lifetimeMs)}, refresh due ${durationOf(leadMs)} before expiry.`;
}

function pathOf(address: string): string {
  return address.replace(/^[a-z]+:\/\/[^/]+/i, '');
}
