import { QueryClient } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { AuthProvider } from 'unexpired';
import { AuthQueryProvider } from 'unexpired/query';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { auth as guideAuth } from '../package/own-api/auth.ts';
import { LoginForm } from '../package/own-api/login-form.tsx';
import { App } from '../package/readme/own/App.tsx';
import { auth, logIn } from '../package/readme/own/auth.ts';
import { Orders } from '../package/readme/own/Orders.tsx';
import { EMAIL, PASSWORD, startOwnApi, type OwnApi } from '../package/support/own-api.ts';
import { routeFetch } from '../package/support/route-fetch.ts';

let api: OwnApi;
beforeEach(async () => {
  api = await startOwnApi();
  routeFetch('https://api.example.com', api.origin);
});
afterEach(async () => {
  cleanup();
  await Promise.all([auth.signOut(), guideAuth.signOut()]);
  vi.unstubAllGlobals();
  await api.close();
});
afterAll(() => {
  auth.dispose();
  guideAuth.dispose();
});

/** Fills in the form and sends it. */
function submit(password: string): void {
  fireEvent.change(screen.getByLabelText(/E-mail/), { target: { value: EMAIL } });
  fireEvent.change(screen.getByLabelText(/Password/), { target: { value: password } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

describe('the app of the README', () => {
  beforeEach(async () => {
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
  await logIn(EMAIL, PASSWORD);
  render(<AuthProvider client={auth}><AuthQueryProvider queryClient={new QueryClient()}><Orders /></AuthQueryProvider></AuthProvider>);
  await screen.findByText('a chair');
});

it('the form of the guide to an API of one\'s own shows a problem, can be sent again, and signs in', async () => {
  render(<AuthProvider client={guideAuth}><LoginForm /></AuthProvider>);
  submit('wrong');
  await screen.findByText('Wrong e-mail or password.');
  submit(PASSWORD);
  await expect.poll(() => guideAuth.getSnapshot().status).toBe('signedIn');
  await expect.poll(() => screen.queryByText('Wrong e-mail or password.')).toBeNull();
  await guideAuth.signOut();
  await expect.poll(() => api.requests).toContain('POST /logout');
});
