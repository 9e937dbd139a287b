import { useState, type FormEvent } from 'react';
import { AuthError, useAuth } from 'unexpired';
import { logIn } from './log-in';

export function LoginForm() {
  const { signIn, endReason } = useAuth();
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem('');
    try {
      await signIn(() => logIn(`${form.get('email')}`, `${form.get('password')}`));
    } catch (error) {
      // `session_changed`: another sign-in or a sign-out came in between, and it counts.
      if (!AuthError.is(error) || error.code !== 'session_changed') setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      {(endReason === 'refresh_token_invalid' || endReason === 'expired') && <p>Your session has expired. Please sign in again.</p>}
      <label>E-mail <input name="email" type="email" autoComplete="username" required /></label>
      <label>Password <input name="password" type="password" autoComplete="current-password" required /></label>
      <button disabled={isBusy}>Sign in</button>
      <p role="alert">{problem}</p>
    </form>
  );
}
