// @vitest-environment node
import { act } from '@testing-library/react';
import { JSDOM } from 'jsdom';
import { AuthProvider, SignedIn, SignedOut, useAccessToken, useAuth, type InitialSession } from 'unexpired';
import type { AuthClient } from 'unexpired/core';
import { StrictMode, type ReactElement } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServerSetup, type ServerSetup } from '../support/server-setup.ts';

const PAGE = 'https://app.bonfire.test/';
const SIGNED_OUT: InitialSession = { status: 'signedOut', session: null, subject: null, endReason: null };

let setup: ServerSetup;
let shown: string[];
beforeEach(() => {
  setup = createServerSetup();
  shown = [];
});
afterEach(() => vi.unstubAllGlobals());

const User = () => {
  const { status } = useAuth();
  const { accessToken, extra, error } = useAccessToken();
  const text = `${status} ${String(extra?.['subject'] ?? null)} ${accessToken} ${error?.code ?? null}`;
  shown.push(text);
  return <p>{text}</p>;
};

const page = (auth: AuthClient, initialSession: InitialSession | undefined): ReactElement => (
  <StrictMode>
    <AuthProvider client={auth} initialSession={initialSession}>
      <User />
      <SignedIn>in</SignedIn>
      <SignedOut>out</SignedOut>
    </AuthProvider>
  </StrictMode>
);

/** Hydrates the HTML that a server renders for a session. Returns the page's root element. Any warning of React fails the test. */
async function hydrate(auth: AuthClient, initialSession: InitialSession | undefined): Promise<HTMLElement> {
  const html = renderToString(page(setup.open().auth, initialSession));
  shown = [];
  const { window } = new JSDOM(`<div id="root">${html}</div>`);
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', window.document);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const errors = vi.spyOn(console, 'error');
  const root = window.document.getElementById('root')!;
  await act(async () => void hydrateRoot(root, page(auth, initialSession), { onRecoverableError: (error) => { throw error; } }));
  await act(() => setup.world.advance(1000));
  expect(errors).not.toHaveBeenCalled();
  return root;
}

/** Signs a user in in the browser, and returns the session that the server sees. */
async function signedIn(user: string): Promise<InitialSession> {
  await setup.signInByServer(user);
  const request = new Request(PAGE);
  setup.jar.attach(request);
  return (await setup.world.until(setup.sessions[0]!.of(request))).snapshot();
}

const statuses = () => [...new Set(shown.map((text) => text.split(' ')[0]))];

describe('a page that the server has rendered for a user', () => {
  it('shows the user in the HTML, has no token in it, and hydrates without a flash or a warning', async () => {
    const initial = await signedIn('ann');
    const html = renderToString(page(setup.open().auth, initial));
    expect(html).toBe('<p>signedIn ann null null</p>in');
    const root = await hydrate(setup.open().auth, initial);
    expect(root.textContent).toBe('signedIn ann null nullin');
    expect([...new Set(shown)]).toEqual(['signedIn ann null null']);
    expect(setup.asked()).toEqual(['session 200']);
  });

  it('asks nothing if its storage has the same session', async () => {
    const first = setup.open().auth;
    await setup.signIn(first, 'ann');
    const { extra } = first.getSnapshot().tokens!;
    await hydrate(setup.open().auth, { status: 'signedIn', session: extra!['session'] as string, subject: 'ann' });
    expect(statuses()).toEqual(['signedIn']);
    expect(setup.asked()).toEqual(['sign-in 200']);
  });

  it('shows no sign-out in between if storage has the end of an earlier session', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth, 'ann');
    await setup.world.until(auth.signOut());
    await setup.world.advance(1000);
    const root = await hydrate(setup.open().auth, await signedIn('ann'));
    expect(root.textContent).toBe('signedIn ann null nullin');
    expect(statuses()).toEqual(['signedIn']);
    expect(setup.asked()).toEqual(['sign-in 200', 'sign-out 200', 'session 200']);
  });

  it('goes on showing the user while the server is down, and says why', async () => {
    const initial = await signedIn('ann');
    setup.answer = () => new Response('', { status: 503 });
    const root = await hydrate(setup.open().auth, initial);
    expect(root.textContent).toBe('signedIn ann null refresh_unavailablein');
    expect(statuses()).toEqual(['signedIn']);
  });

  it('corrects itself if its HTML is that of another user, and asks once', async () => {
    const stale = await signedIn('ann');
    await setup.signIn(setup.open().auth, 'ben');
    const root = await hydrate(setup.open().auth, stale);
    expect(root.textContent).toBe('signedIn ben null nullin');
    expect(setup.asked()).toEqual(['sign-in 200', 'session 200']);
  });

  it('is signed out if its HTML is older than the end of the session', async () => {
    const stale = await signedIn('ann');
    await setup.world.until(setup.sessions[1]!.endAll('ann'));
    const root = await hydrate(setup.open().auth, stale);
    expect(root.textContent).toBe('signedOut null null nullout');
    expect(setup.asked()).toEqual(['session 401']);
  });

  it('stays signed out while a sign-out of this browser has no answer', async () => {
    const { auth } = setup.open();
    await setup.signIn(auth, 'ann');
    const initial = { status: 'signedIn' as const, session: auth.getSnapshot().tokens!.extra!['session'] as string, subject: 'ann' };
    setup.answer = () => new Response('', { status: 503 });
    await setup.world.until(auth.signOut());
    const root = await hydrate(setup.open().auth, initial);
    expect(root.textContent).toBe('signedOut null null nullout');
    expect(setup.asked().filter((line) => line.startsWith('session'))).toEqual([]);
  });
});

describe('a page that the server has rendered for a visitor', () => {
  it('shows that at once, and asks nothing', async () => {
    const { auth } = setup.open();
    const root = await hydrate(auth, SIGNED_OUT);
    expect(root.textContent).toBe('signedOut null null nullout');
    expect(statuses()).toEqual(['signedOut']);
    expect(await setup.world.until(auth.ready())).toMatchObject({ status: 'signedOut', endReason: null });
    expect(setup.asked()).toEqual([]);
  });

  it('asks nothing with the snapshot of a request that a browser sends without a cookie', async () => {
    const request = new Request(PAGE, { headers: { 'sec-fetch-site': 'none' } });
    await hydrate(setup.open().auth, (await setup.world.until(setup.sessions[0]!.of(request))).snapshot());
    expect(setup.asked()).toEqual([]);
  });

  it('asks once after a link from another site, because a strict cookie is not sent then', async () => {
    await setup.signInByServer('ann');
    const request = new Request(PAGE, { headers: { 'sec-fetch-site': 'cross-site' } });
    const root = await hydrate(setup.open().auth, (await setup.world.until(setup.sessions[0]!.of(request))).snapshot());
    expect(root.textContent).toBe('signedIn ann null nullin');
    expect(setup.asked()).toEqual(['session 200']);
  });

  it('restores the session of a user who signs in on a page of the server later', async () => {
    await hydrate(setup.open().auth, SIGNED_OUT);
    const root = await hydrate(setup.open().auth, await signedIn('ann'));
    expect(root.textContent).toBe('signedIn ann null nullin');
    expect(setup.asked()).toEqual(['session 200']);
  });

  it('shows the user whom storage has, because a strict cookie is not sent after a link from another site', async () => {
    await setup.signIn(setup.open().auth, 'ann');
    const root = await hydrate(setup.open().auth, SIGNED_OUT);
    expect(root.textContent).toBe('signedIn ann null nullin');
    expect(setup.asked()).toEqual(['sign-in 200', 'session 200']);
  });
});

it('a page without an initial session renders the loading state, as before', async () => {
  expect(renderToString(page(setup.open().auth, undefined))).toBe('<p>loading null null null</p>');
});
