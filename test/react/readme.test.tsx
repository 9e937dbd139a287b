import { QueryClient } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EMAIL, PASSWORD, startOwnApi, type OwnApi } from '../package/support/own-api.ts';
import { routeFetch } from '../package/support/route-fetch.ts';

let api: OwnApi;
beforeEach(async () => {
  vi.resetModules(); // Each test gets a client of its own, and so a copy of the package.
  api = await startOwnApi();
  routeFetch('https://api.example.com', api.origin);
});
afterEach(async () => {
  cleanup();
  vi.unstubAllGlobals();
  await api.close();
});

/** Fills in the form and sends it. */
function submit(password: string): void {
  fireEvent.change(screen.getByLabelText(/E-mail/), { target: { value: EMAIL } });
  fireEvent.change(screen.getByLabelText(/Password/), { target: { value: password } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

describe('the app of the README', () => {
  beforeEach(async () => {
    const [{ App }, { auth }] = await Promise.all([import('../package/readme/own/App.tsx'), import('../package/readme/own/auth.ts')]);
    onTestFinished(auth.dispose);
    render(<App />);
    await screen.findByRole('button', { name: 'Sign in' });
  });

  it('signs in by its form, calls the API and signs out', async () => {
    submit(PASSWORD);
    fireEvent.click(await screen.findByRole('button', { name: 'Order' }));
    await expect.poll(() => api.requests).toEqual(['POST /login', 'POST /orders']);
    fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
    await screen.findByRole('button', { name: 'Sign in' });
  });

  it('shows that the password is wrong', async () => {
    submit('wrong');
    await screen.findByText('Wrong e-mail or password.');
  });

  it('shows that the server cannot be reached', async () => {
    await api.close();
    submit(PASSWORD);
    await screen.findByText('The server cannot be reached.');
  });
});

it('the query of the README shows what the API answers', async () => {
  const [{ AuthProvider }, { AuthQueryProvider }] = await Promise.all([import('unexpired'), import('unexpired/query')]);
  const [{ Orders }, { auth, logIn }] = await Promise.all([import('../package/readme/own/Orders.tsx'), import('../package/readme/own/auth.ts')]);
  onTestFinished(auth.dispose);
  await logIn(EMAIL, PASSWORD);
  render(<AuthProvider client={auth}><AuthQueryProvider queryClient={new QueryClient()}><Orders /></AuthQueryProvider></AuthProvider>);
  await screen.findByText('a chair');
});

describe('the form of the guide to an API of one\'s own', () => {
  it('shows a problem, can be sent again, and signs in', async () => {
    const { AuthProvider } = await import('unexpired');
    const [{ LoginForm }, { auth }] = await Promise.all([import('../package/own-api/login-form.tsx'), import('../package/own-api/auth.ts')]);
    onTestFinished(auth.dispose);
    render(<AuthProvider client={auth}><LoginForm /></AuthProvider>);
    submit('wrong');
    await screen.findByText('Wrong e-mail or password.');
    submit(PASSWORD);
    await expect.poll(() => auth.getSnapshot().status).toBe('signedIn');
    expect(screen.queryByText('Wrong e-mail or password.')).toBeNull();
  });
});
