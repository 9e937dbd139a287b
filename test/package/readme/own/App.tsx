import { useState, type FormEvent } from 'react';
import { AuthProvider, SignedIn, SignedOut, useAuth, useAuthedFetch } from 'unexpired';
import { auth, logIn } from './auth';

function LoginForm() {
  const [problem, setProblem] = useState('');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    logIn(`${form.get('email')}`, `${form.get('password')}`).catch((error: Error) => setProblem(error.message));
  };
  return (
    <form onSubmit={submit}>
      <input name="email" type="email" autoComplete="username" aria-label="E-mail" />
      <input name="password" type="password" autoComplete="current-password" aria-label="Password" />
      <button>Sign in</button> <p role="alert">{problem}</p>
    </form>
  );
}

function Shop() {
  const authedFetch = useAuthedFetch(); // The same function in every render, so it is safe in dependency lists.
  const { signOut } = useAuth();
  const order = () => authedFetch('/orders', { method: 'POST', body: 'one lamp' }).catch((error: Error) => alert(error.message));
  return <><button onClick={() => void order()}>Order</button> <button onClick={() => void signOut()}>Sign out</button></>;
}

export const App = () => (
  <AuthProvider client={auth}>
    <SignedIn><Shop /></SignedIn>
    <SignedOut><LoginForm /></SignedOut>
  </AuthProvider>
);
