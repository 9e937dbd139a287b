import type { AuthSnapshot, EndReason } from 'unexpired';

/** The one word for where a session stands. */
export function stateOf({ status, refresh }: AuthSnapshot): 'loading' | 'signed out' | 'fresh' | 'refreshing' | 'waiting' | 'blocked' {
  if (status === 'loading') return 'loading';
  if (status === 'signedOut') return 'signed out';
  return ({ idle: 'fresh', running: 'refreshing', waiting: 'waiting', blocked: 'blocked' } as const)[refresh.state];
}

const ENDINGS: Readonly<Record<EndReason, string>> = {
  sign_out: 'You signed out.',
  refresh_token_invalid: 'Your session is over: the API no longer knows it.',
  rotation_lost: 'Your session got lost: the API renewed it, and its answer never arrived here.',
  login_required: 'The API wants you to log in again.',
  password_reset_required: 'Your password has to be reset first.',
  suspended: 'This profile is suspended.',
  token_rejected: 'Your session is over: its token was refused, and cannot be renewed.',
  storage_corrupt: 'The stored session could not be read.',
};

/** What to tell somebody whose session is over. */
export function endingOf(reason: EndReason | null): string {
  return reason === null ? 'Nobody is signed in.' : ENDINGS[reason];
}
