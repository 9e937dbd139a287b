import { inCookie } from 'unexpired/core';
import { act, cleanup, fireEvent, render, within } from '@testing-library/react';
import { bonfire } from 'unexpired/bonfire';
import type { AuthClient } from 'unexpired';
import { AuthDevtools } from 'unexpired/devtools';
import { createCookieJar } from 'unexpired/testing';
import { afterEach, expect, it } from 'vitest';
import { createServerSetup } from '../support/server-setup.ts';
import { BASE_URL, createSetup, LIFETIME_MS } from '../support/setup.ts';

afterEach(cleanup);

/** Renders the open devtools of a client. */
async function openDevtools(auth: AuthClient, advance: (ms: number) => Promise<void>) {
  const { container } = render(<AuthDevtools client={auth} initialOpen />);
  await act(() => advance(300));
  const root = container.querySelector('[data-unexpired-devtools]')?.shadowRoot;
  if (!root) throw new Error('The devtools have no shadow root.');
  const fact = (name: string) => within(root as unknown as HTMLElement).queryByText(name, { selector: 'dt' })?.nextElementSibling?.textContent;
  return { root, fact, ...within(root as unknown as HTMLElement) };
}

function createCookieSetup() {
  const setup = createSetup({ refreshToken: 'cookie' });
  const jar = (setup.world.jar = createCookieJar(setup.api.fetch, { page: 'https://app.bonfire.test/', now: setup.world.now }));
  const protocol = bonfire({ baseUrl: BASE_URL, appKey: 'app-key', refreshToken: inCookie(), signOutPath: '/sign-out' });
  const signInByServer = () => jar.fetch(`${BASE_URL}/oauth/bots`, {
    method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' },
    body: new URLSearchParams({ grant_type: 'client_credentials', bots: '["ember"]' }),
  });
  return { ...setup, jar, open: () => setup.open({ protocol }), signInByServer };
}

it('the devtools say that the refresh token is in the page', async () => {
  const { openSignedIn, world } = createSetup();
  const { fact } = await openDevtools((await openSignedIn()).auth, world.advance);
  expect([fact('access token'), fact('refresh token')]).toEqual([undefined, 'in the page']);
});

// claim: no-cookie-in-the-devtools-dom
it('the devtools say that the refresh token is in a cookie, and show no part of it', async () => {
  const { open, signIn, world, jar, api } = createCookieSetup();
  const { auth } = open();
  await signIn(auth);
  const view = await openDevtools(auth, world.advance);
  expect(view.fact('refresh token')).toBe('in a cookie');
  await act(() => world.advance(LIFETIME_MS));
  const sent = api.calls.flatMap(({ refreshToken }) => refreshToken ?? []);
  expect(sent).toHaveLength(1);
  for (const secret of [...sent, ...jar.cookies.map(({ value }) => value)]) {
    for (let start = 0; start + 16 <= secret.length; start += 1) expect(view.root.innerHTML).not.toContain(secret.slice(start, start + 16));
  }
});

it('the devtools say that a tab has no access token yet, and why two buttons are disabled', async () => {
  const { open, signIn, world, api } = createSetup();
  await signIn(open({ accessToken: 'memory' }).auth);
  api.addFault({ kind: 'status', status: 503, endpoint: 'refresh', times: 1 });
  const { auth } = open({ accessToken: 'memory' });
  await act(() => world.until(auth.ready()));
  const view = await openDevtools(auth, world.advance);
  expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', tokens: null });
  expect([view.fact('access token'), view.fact('refresh token')]).toEqual(['none in this tab yet', 'in the page']);
  for (const name of ['Expire token', 'Corrupt token']) {
    const button = view.getByRole('button', { name });
    expect(view.root.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent).toBe('This tab has no access token yet. Refresh first.');
  }
  fireEvent.click(view.getByRole('button', { name: 'Refresh now' }));
  await act(() => world.advance(1000));
  expect(view.fact('access token')).toBeUndefined();
  expect(view.getByRole('button', { name: 'Expire token' }).getAttribute('aria-disabled')).toBe('false');
});

const word = (view: Awaited<ReturnType<typeof openDevtools>>) => view.getByRole('img', { name: /^State of the session/ }).getAttribute('aria-label');

it('the devtools show that a session is being restored, and why that fails', async () => {
  const { open, signInByServer, world, api } = createCookieSetup();
  await signInByServer();
  api.addFault({ kind: 'status', status: 503, endpoint: 'refresh', times: 1 });
  const { auth } = open();
  const view = await openDevtools(auth, world.advance);
  void auth.ready();
  await act(() => world.advance(200));
  expect([word(view), view.fact('refresh token')]).toEqual(['State of the session: restoring', 'in a cookie']);
  expect(view.getAllByText(/Restore failed/).length).toBeGreaterThan(0);
  await act(() => world.until(auth.ready()));
  await act(() => world.advance(300));
  expect(word(view)).toBe('State of the session: fresh');
});

it('the devtools show no ended session if the API has none to restore', async () => {
  const { open, world } = createCookieSetup();
  const { auth } = open();
  const view = await openDevtools(auth, world.advance);
  await act(() => world.until(auth.ready()));
  await act(() => world.advance(300));
  expect(word(view)).toBe('State of the session: signed out');
  expect(view.queryByText(/Session ended/)).toBeNull();
});

it('the devtools say that both tokens are on the server, and enable no button that needs one', async () => {
  const { open, signIn, world } = createServerSetup();
  const { auth } = open();
  await signIn(auth);
  const view = await openDevtools(auth, world.advance);
  expect([view.fact('access token'), view.fact('refresh token')]).toEqual(['on the server', 'on the server']);
  for (const name of ['Expire token', 'Corrupt token']) expect(view.getByRole('button', { name }).getAttribute('aria-disabled')).toBe('true');
  expect(view.getByRole('button', { name: 'Refresh now' }).getAttribute('aria-disabled')).toBe('false');
});
