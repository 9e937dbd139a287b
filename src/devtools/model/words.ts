import type { EndReason } from '../../core/model/refresh-outcome.ts';
import type { LogEntry, Source } from './log-entry.ts';

/** How a line is meant. */
export type Tone = 'plain' | 'good' | 'warning' | 'bad';

/** A line in words: what happened and, where it helps, what that means. */
export interface Words {
  readonly title: string;
  readonly detail: string;
  readonly tone: Tone;
}

const BY: Readonly<Record<Source, string>> = {
  thisTab: 'by this tab',
  otherTab: 'by another tab: this one adopted it and asked nobody',
  storage: 'found in storage: no request was needed',
};

const ENDS: Readonly<Record<EndReason, string>> = {
  sign_out: 'The user signed out. All tabs follow, and an answer that is still under way counts no more.',
  refresh_token_invalid: 'The API refused the refresh token (451). It was revoked, or somebody outside this app has spent it.',
  rotation_lost: 'The API refused the refresh token (451) after an earlier refresh whose answer never arrived: the server had rotated already. A short grace period for the old token, on the server, prevents this.',
  login_required: 'The API asks for a new login (460).',
  password_reset_required: 'The API asks for a new password first (800).',
  suspended: 'The user is suspended (810).',
  token_rejected: 'The API rejected the access token (450), and there was no refresh token to get another one.',
  storage_corrupt: 'What was stored could not be read as a session.',
};

/** Why a session ended. */
export function wordsOfEnd(reason: EndReason | null): string {
  return reason === null ? 'It is no longer stored.' : (ENDS[reason] ?? reason);
}

/** What a tab is called. */
export function nameOfTab(tab: string, ownTab: string): string {
  return tab === ownTab ? 'this tab' : `tab ${tab.slice(-4)}`;
}

/** A duration, short: `850 ms`, `12.5 s`, `3 min`. */
export function durationOf(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 5_400_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

/** A line of the log in words. */
export function wordsOf(entry: LogEntry): Words {
  const says = (title: string, detail = '', tone: Tone = 'plain'): Words => ({ title, detail, tone });
  switch (entry.type) {
    case 'signInStarted': return says('Sign-in asked for');
    case 'signOutStarted': return says('Sign-out asked for');
    case 'sessionStarted': return says('Session started', `${BY[entry.source]}; ${lifeWords(entry.lifetimeMs, entry.leadMs)}`, 'good');
    case 'tokensRenewed': return says('New tokens', `${BY[entry.source]}; ${lifeWords(entry.lifetimeMs, entry.leadMs)}`, 'good');
    case 'sessionEnded': return says(`Session ended: ${entry.reason ?? 'gone'}`, wordsOfEnd(entry.reason), entry.reason === 'sign_out' ? 'plain' : 'bad');
    case 'refreshStarted': return says('Refresh wanted', 'it waits for its turn among all tabs');
    case 'lockTaken': return says('Lock taken', 'this tab may refresh; the others wait');
    case 'lockReleased': return says('Lock released');
    case 'refreshSent': return says('Refresh sent', `for generation ${entry.generation}`);
    case 'refreshAnswered': return says(`Refresh answered: ${entry.outcome}`, '', entry.outcome === 'granted' ? 'good' : 'bad');
    case 'refreshWaiting': return says('Refresh failed: the session stays', `${entry.detail} Next try in ${durationOf(entry.retryAt - entry.at)}.`, 'warning');
    case 'refreshBlocked': return says('Refresh blocked: the app is refused, the session stays', entry.detail, 'bad');
    case 'storageChanged': return says(`Kept in ${entry.storage}`, entry.storage === 'memory' ? 'storage failed; the session goes on in memory' : '', 'warning');
    case 'recordWritten': return says('Session written', entry.stored ? `revision ${entry.revision}` : 'storage did not take it: it is in memory alone', entry.stored ? 'plain' : 'warning');
    case 'callStarted': return says(`${entry.method} ${pathOf(entry.address)}`, `call ${entry.call}`);
    case 'callSent': return says(entry.send === 1 ? `Call ${entry.call} sent` : `Call ${entry.call} replayed`, entry.send === 1 ? '' : 'once more, with the new token', entry.send === 1 ? 'plain' : 'warning');
    case 'callAnswered': return says(`Call ${entry.call} answered ${entry.status}`, '', entry.status < 400 ? 'plain' : 'warning');
    case 'callSettled': return says(`Call ${entry.call} done: ${entry.status}`, '', entry.status < 400 ? 'good' : 'bad');
    case 'callFailed': return says(`Call ${entry.call} failed: ${entry.error}`, '', 'bad');
    default: return says(String((entry as LogEntry).type), 'of another version of unexpired');
  }
}

function lifeWords(lifetimeMs: number | null, leadMs: number): string {
  if (lifetimeMs === null) return 'it has no known expiry';
  return `it lives ${durationOf(lifetimeMs)}, and is refreshed ${durationOf(leadMs)} before that`;
}

function pathOf(address: string): string {
  return address.replace(/^[a-z]+:\/\/[^/]+/i, '');
}
