import { AuthError, type EndReason } from 'unexpired';

/** A title and its explanation. */
export interface Words {
  readonly title: string;
  readonly text: string;
}

const ENDINGS: Readonly<Record<EndReason, Words>> = {
  sign_out: { title: 'You signed out.', text: 'All tabs are signed out. This browser stores no token.' },
  refresh_token_invalid: { title: 'Your session has ended.', text: 'The API no longer accepts its refresh token. Sign in again to start a new one.' },
  rotation_lost: { title: 'Your session was lost.', text: 'The API no longer accepts the refresh token. It has most likely rotated it, and the new one never arrived here. Sign in again to start a new one.' },
  answer_unreadable: { title: 'Your session was lost.', text: 'The API answered a refresh, but the answer could not be read. Then it no longer accepted the refresh token. Sign in again to start a new one.' },
  refresh_refused: { title: 'Your session has ended.', text: 'The API has refused to refresh it again and again. Sign in again to start a new one.' },
  expired: { title: 'Your session has expired.', text: 'A known end has passed: that of its tokens, or the longest time that is allowed. Sign in again to start a new one.' },
  idle: { title: 'You were signed out.', text: 'No tab was used for too long. Sign in again to go on.' },
  key_lost: { title: 'This browser lost your key.', text: 'Your session is bound to a key of this browser, which is gone, for example because site data was cleared. Sign in again to get a new one.' },
  login_required: { title: 'Please sign in again.', text: 'The API requires a new login.' },
  password_reset_required: { title: 'Please reset your password.', text: 'The API requires a new password before you can continue.' },
  suspended: { title: 'This profile is suspended.', text: 'The API does not allow it to sign in for now.' },
  token_rejected: { title: 'Your session has ended.', text: 'The API rejected its access token, and there was no refresh token.' },
  newer_version: { title: 'This page is out of date.', text: 'A newer version of the app has stored your session. Load the page again.' },
  storage_corrupt: { title: 'The stored session could not be read.', text: 'It was discarded. Sign in again to store a new one.' },
};

/** Says why a session ended. */
export function endWords(reason: EndReason | null): Words {
  return reason === null ? { title: 'Not signed in.', text: '' } : ENDINGS[reason];
}

/** Says why a call failed and what to do next. */
export function problemWords(error: unknown): string {
  if (AuthError.is(error)) return AUTH_PROBLEMS[error.code] ?? UNKNOWN_PROBLEM;
  if (error instanceof TypeError) return 'The API cannot be reached. Try again.';
  return error instanceof Error ? error.message : UNKNOWN_PROBLEM;
}

const UNKNOWN_PROBLEM = 'Something went wrong. Try again.';

const AUTH_PROBLEMS: Readonly<Partial<Record<AuthError['code'], string>>> = {
  signed_out: 'You are not signed in.',
  session_ended: 'Your session has ended. Sign in again.',
  session_changed: 'Another user signed in during the call. Try again.',
  refresh_unavailable: 'The API gives no access token right now. Try again in a moment.',
  grant_unavailable: 'The API does not answer the sign-in right now. Try again in a moment.',
  misconfigured: 'The API rejects this app. Check the App Key.',
  grant_refused: 'The API does not allow this bot to sign in.',
  invalid_response: 'The API’s answer could not be read. Try again in a moment.',
};

/** Formats a count: `1 refresh`, `3 refreshes`. */
export function countWords(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Formats a duration: `8 s`, `1 min 20 s`. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}
