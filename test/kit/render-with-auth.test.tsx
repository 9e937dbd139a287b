import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState, type ReactNode } from 'react';
import { AuthError, SignedIn, SignedOut, useAuth, useAuthedFetch, type AuthClient } from 'unexpired';
import { AuthQueryProvider, useAuthedQuery } from 'unexpired/query';
import { buildTokenSet, createBonfireApi } from 'unexpired/testing';
import { renderWithAuth } from 'unexpired/testing/react';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(cleanup);
afterEach(() => vi.restoreAllMocks());

function Greeting() {
  const authedFetch = useAuthedFetch();
  const { signOut } = useAuth();
  const [name, setName] = useState('');
  const load = async () => {
    const response = await authedFetch('/users/me');
    setName(((await response.json()) as { data: { attributes: { display_name: string } } }).data.attributes.display_name);
  };
  return (
    <>
      <SignedIn>
        <button onClick={() => void load()}>Who am I?</button>
        <button onClick={() => void signOut()}>Sign out</button>
        <output>{name}</output>
      </SignedIn>
      <SignedOut>Please sign in</SignedOut>
    </>
  );
}

it('renderWithAuth renders an app that is signed in, with an API that answers', async () => {
  await renderWithAuth(<Greeting />);
  fireEvent.click(screen.getByRole('button', { name: 'Who am I?' }));
  expect(await screen.findByText('Ember')).toBeTruthy();
});

it('renderWithAuth lets a test revoke the token, and the app recovers with one refresh', async () => {
  const { api } = await renderWithAuth(<Greeting />, { signedInAs: 'spark' });
  api.revokeAccessTokens();
  fireEvent.click(screen.getByRole('button', { name: 'Who am I?' }));
  expect(await screen.findByText('Spark')).toBeTruthy();
  expect(api.counts).toMatchObject({ refreshes: 1, rejections: 1 });
});

it('renderWithAuth renders an app that is signed out', async () => {
  await renderWithAuth(<Greeting />, { signedInAs: null });
  expect(screen.getByText('Please sign in')).toBeTruthy();
});

it('renderWithAuth renders the app as signed out after a sign-out', async () => {
  await renderWithAuth(<Greeting />);
  fireEvent.click(screen.getByRole('button', { name: 'Sign out' }));
  expect(await screen.findByText('Please sign in')).toBeTruthy();
});

it('renderWithAuth accepts the test’s own tokens, API and wrapper', async () => {
  const tokens = buildTokenSet({ claims: { sub: '7' } });
  const Frame = ({ children }: { readonly children: ReactNode }) => <main>{children}</main>;
  const api = createBonfireApi({ bots: { flint: 'Flint' } });
  const { auth, rerender } = await renderWithAuth(<Greeting />, { signedInAs: tokens, api, wrapper: Frame });
  expect(auth.getSnapshot().tokens).toEqual(tokens);
  expect(screen.getByRole('main').textContent).toContain('Who am I?');
  rerender(<p>something else</p>);
  expect(screen.getByRole('main').textContent).toBe('something else');
});

it('renderWithAuth gives its client to AuthQueryProvider', async () => {
  const queryClient = new QueryClient();
  const Cache = ({ children }: { children: ReactNode }) => <AuthQueryProvider queryClient={queryClient}>{children}</AuthQueryProvider>;
  const Me = () => <output>{useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => (await authedFetch('/users/me')).text() }).data}</output>;
  await renderWithAuth(<Cache><Me /></Cache>, { signedInAs: 'ember' });
  await screen.findByText(/"username":"ember"/);
});

it('renderWithAuth disposes of its client on unmount, but not of the test’s own client', async () => {
  const { auth, unmount, api } = await renderWithAuth(<Greeting />, { reactStrictMode: true });
  unmount();
  await Promise.resolve(); // StrictMode may mount it again at once.
  await expect(auth.fetch('/users/me')).rejects.toMatchObject({ code: 'disposed' });
  const own = await renderWithAuth(<Greeting />, { api });
  const again = await renderWithAuth(<p>twice</p>, { auth: own.auth });
  again.unmount();
  expect((await own.auth.fetch('/users/me')).status).toBe(200);
});

it('renderWithAuth rejects with grant_refused when the bot does not exist', async () => {
  const error = await renderWithAuth(<Greeting />, { signedInAs: 'unknown-bot' }).catch((reason: unknown) => reason);
  expect(AuthError.is(error) && error.code).toBe('grant_refused');
});

it('renderWithAuth leaves no listener behind when the sign-in fails', async () => {
  const added = vi.spyOn(window, 'addEventListener');
  const removed = vi.spyOn(window, 'removeEventListener');
  await expect(renderWithAuth(<Greeting />, { signedInAs: 'unknown-bot' })).rejects.toMatchObject({ code: 'grant_refused' });
  expect(added).toHaveBeenCalled();
  expect(removed.mock.calls.map(([type]) => type)).toEqual(added.mock.calls.map(([type]) => type));
});

it('renderWithAuth disposes of the client and rethrows when the tree throws', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // React prints it.
  const seen = vi.fn<(client: AuthClient) => void>();
  const Broken = () => {
    seen(useAuth().client);
    throw new Error('broken tree');
  };
  await expect(renderWithAuth(<Broken />)).rejects.toThrow('broken tree');
  await expect(seen.mock.lastCall?.[0].fetch('/users/me')).rejects.toMatchObject({ code: 'disposed' });
});

describe('renderWithAuth with an API that keeps refresh tokens in a cookie', () => {
  it.each([{}, { csrfHeader: { name: 'x-token', cookie: 'csrf' } } as const])('signs in, refreshes and signs out with the settings %j', async (cookie) => {
    const api = createBonfireApi({ refreshToken: 'cookie', cookie });
    const { auth } = await renderWithAuth(<SignedIn>Welcome back</SignedIn>, { api });
    expect(screen.getByText('Welcome back')).toBeTruthy();
    expect(auth.getSnapshot().tokens?.refreshToken).toEqual({ in: 'cookie' });
    api.revokeAccessTokens();
    expect((await auth.fetch('/users/me')).status).toBe(200);
    await act(() => auth.signOut());
    await waitFor(() => expect(api.sessions).toMatchObject([{ alive: false, refreshes: 1, reuses: 0 }]));
  });

  it('starts signed out without a request if `signedInAs` is null', async () => {
    const api = createBonfireApi({ refreshToken: 'cookie' });
    const { auth } = await renderWithAuth(<SignedIn>Welcome back</SignedIn>, { api, signedInAs: null });
    expect(auth.getSnapshot().status).toBe('signedOut');
    expect(screen.queryByText('Welcome back')).toBeNull();
  });
});
