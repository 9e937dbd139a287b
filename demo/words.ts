import { AuthError, type EndReason } from 'unexpired';

/** What to tell a person. */
export interface Words {
  readonly title: string;
  readonly text: string;
}

const ENDINGS: Readonly<Record<EndReason, Words>> = {
  sign_out: { title: 'You signed out.', text: 'In every tab. No token is left in this browser.' },
  refresh_token_invalid: { title: 'Your session is over.', text: 'The API no longer knows it. Signing in again starts a new one.' },
  rotation_lost: { title: 'Your session got lost on the way.', text: 'The API renewed it, and its answer never arrived here. Signing in again starts a new one.' },
  login_required: { title: 'Please sign in again.', text: 'The API wants to see you log in before it goes on.' },
  password_reset_required: { title: 'Your password has to be reset.', text: 'The API asks for that before you can go on.' },
  suspended: { title: 'This profile is suspended.', text: 'The API does not let it in for now.' },
  token_rejected: { title: 'Your session is over.', text: 'Its token was refused, and it came without a way to renew it.' },
  storage_corrupt: { title: 'The stored session was unreadable.', text: 'It was left out. Signing in again stores a new one.' },
};

/** Says why a session ended. */
export function endWords(reason: EndReason | null): Words {
  return reason === null ? { title: 'Nobody is signed in.', text: '' } : ENDINGS[reason];
}

/** Says what went wrong with a call. */
export function problemWords(error: unknown): string {
  if (AuthError.is(error)) return AUTH_PROBLEMS[error.code] ?? 'That did not work.';
  if (error instanceof TypeError) return 'The API cannot be reached. Try again.';
  return error instanceof Error ? error.message : 'That did not work.';
}

const AUTH_PROBLEMS: Readonly<Partial<Record<AuthError['code'], string>>> = {
  signed_out: 'Nobody is signed in any more.',
  session_ended: 'Your session ended meanwhile.',
  session_changed: 'Somebody else signed in meanwhile. Try again.',
  refresh_unavailable: 'The API gives no token right now. Try again in a moment.',
  misconfigured: 'The API refuses this app. Check the App Key.',
  grant_refused: 'The API refuses to sign this bot in.',
  invalid_response: 'The API answered something unreadable. Try again in a moment.',
};

/** Says how many: `1 refresh`, `3 refreshes`. */
export function countWords(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Says a duration: `8 s`, `1 min 20 s`. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}
