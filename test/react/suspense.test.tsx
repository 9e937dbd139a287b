import { act, cleanup, render } from '@testing-library/react';
import { AuthError, AuthProvider, SignedIn, useSuspenseAccessToken, type AuthClient } from 'unexpired';
import { Component, Suspense, useEffect, type ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHideable, hasActivity } from '../support/activity.tsx';
import { createSetup, LIFETIME_MS, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

class Boundary extends Component<{ children: ReactNode }, { caught: unknown }> {
  override state: { caught: unknown } = { caught: null };

  static getDerivedStateFromError(caught: unknown) {
    return { caught };
  }

  override render(): ReactNode {
    const { caught } = this.state;
    return AuthError.is(caught) ? `${caught.code}, ${caught.endReason}` : this.props.children;
  }
}

function show(client: AuthClient) {
  const shown: string[] = [];
  function Token() {
    shown.push(useSuspenseAccessToken().accessToken);
    return 'a token';
  }
  const page = () => (
    <AuthProvider client={client}>
      <Boundary>
        <Suspense fallback="wait">
          <Token />
        </Suspense>
      </Boundary>
    </AuthProvider>
  );
  return { shown, ...render(page()) };
}

it('useSuspenseAccessToken suspends until the session is read, then returns the token and each new one', async () => {
  await setup.signIn(setup.open().auth);
  const { auth } = setup.open();
  const { container, shown } = show(auth);
  expect(container.textContent).toBe('wait');
  await act(() => setup.world.advance(10));
  expect(container.textContent).toBe('a token');
  await act(() => setup.world.advance(LIFETIME_MS));
  expect(new Set(shown).size).toBe(2);
  expect(shown.at(-1)).toBe(auth.getSnapshot().tokens?.accessToken);
});

it('useSuspenseAccessToken returns an object whose other members survive a rest pattern', async () => {
  const { auth } = await setup.openSignedIn();
  let others: object = {};
  function Token() {
    const { accessToken, ...rest } = useSuspenseAccessToken();
    others = rest;
    return accessToken;
  }
  const { container } = render(<AuthProvider client={auth}><Token /></AuthProvider>);
  expect(container.textContent).toBe(auth.getSnapshot().tokens?.accessToken);
  expect(others).toEqual({ expiresAt: expect.any(Number), isRefreshing: false, error: null, refresh: auth.refresh });
});

it('useSuspenseAccessToken throws signed_out to the error boundary while signed out', async () => {
  const { auth } = setup.open();
  const { container } = show(auth);
  await act(() => setup.world.advance(10));
  expect(container.textContent).toBe('signed_out, null');
});

it('useSuspenseAccessToken throws the end reason to the error boundary when the session ends', async () => {
  const { auth } = setup.open();
  await setup.signIn(auth);
  const { container } = show(auth);
  await act(() => setup.world.advance(10));
  expect(container.textContent).toBe('a token');
  setup.api.endSession({}, 810);
  await act(() => setup.world.advance(LIFETIME_MS));
  expect(container.textContent).toBe('signed_out, suspended');
});

it('useSuspenseAccessToken throws signed_out to the error boundary when its client is disposed while the session is read', async () => {
  const { auth, tab } = setup.open();
  tab.process.freeze(); // Storage never answers.
  const { container } = show(auth);
  expect(container.textContent).toBe('wait');
  act(auth.dispose);
  await act(() => setup.world.advance(10));
  expect(container.textContent).toBe('signed_out, null');
});

it('useSuspenseAccessToken returns a token that stays a string in a handler after the sign-out', async () => {
  const { auth } = setup.open();
  await setup.signIn(auth);
  let read: () => string = () => '';
  function Token() {
    const token = useSuspenseAccessToken();
    useEffect(() => {
      read = () => token.accessToken;
    });
    return 'a token';
  }
  render(<AuthProvider client={auth}><SignedIn><Token /></SignedIn></AuthProvider>);
  await act(async () => void (await setup.world.until(auth.refresh())));
  const { accessToken } = auth.getSnapshot().tokens!;
  expect(read()).toBe(accessToken);
  await act(() => setup.world.until(auth.signOut()));
  expect(read()).toBe(accessToken);
});

it.runIf(hasActivity)('useSuspenseAccessToken waits for the next client if the tree is hidden while it suspends', async () => {
  await setup.signIn(setup.open().auth);
  const tab = setup.world.openTab();
  const config = { protocol: setup.protocol, platform: tab.platform, storage: tab.platform.storage };
  const { Hideable, setMode } = createHideable();
  const Token = () => (useSuspenseAccessToken().accessToken === '' ? 'none' : 'a token');
  const { container } = render(<Hideable><AuthProvider config={config}><Boundary><Suspense fallback="wait"><Token /></Suspense></Boundary></AuthProvider></Hideable>);
  expect(container.textContent).toBe('wait');
  act(() => setMode('hidden'));
  await act(async () => undefined); // The client is disposed in a microtask.
  act(() => setMode('visible'));
  await act(() => setup.world.advance(10));
  expect(container.textContent).toBe('a token');
});
