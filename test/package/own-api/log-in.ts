import type { TokenSet } from 'unexpired';
import { API, errorCodeIn, post, readTokens } from './auth';

/** Messages for the user, by the code of the API. */
const PROBLEMS: Readonly<Record<string, string>> = {
  wrong_credentials: 'Wrong e-mail or password.',
  email_not_verified: 'Please open the link in our e-mail first.',
  too_many_attempts: 'Too many attempts. Please wait a minute.',
};

/** Asks the API for tokens; the messages of its errors are meant for the user. */
export async function logIn(email: string, password: string): Promise<TokenSet> {
  const response = await fetch(`${API}/login`, post({ email, password })).catch(() => null);
  if (!response) throw new Error('The server cannot be reached. Are you online?');
  const body = await response.text();
  const tokens = response.ok ? readTokens(body, Date.now()) : null;
  if (tokens) return tokens;
  throw new Error(PROBLEMS[errorCodeIn(body) ?? ''] ?? `The server cannot sign you in now (HTTP ${response.status}). Please try again later.`);
}
