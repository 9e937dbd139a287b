import { act, cleanup, render, screen } from '@testing-library/react';
import { AuthProvider, SignedIn, SignedOut, useAuth, useAuthedFetch, type AuthClient } from 'unexpired';
import { Component, StrictMode, useEffect, type ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity, hasActivity } from '../support/activity.tsx';
import { createSetup, LIFETIME_MS, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});
afterEach(cleanup);

const advance = (ms: number) => act(() => setup.world.advance(ms));

describe('AuthProvider', () => {
  it('renders SignedIn while signed in, SignedOut while signed out, and neither while loading', async () => {
    const client = setup.open().auth;
    const { container } = render(
      <AuthProvider client={client}>
        <SignedIn>in</SignedIn>
        <SignedOut>out</SignedOut>
      </AuthProvider>,
    );
    expect(container.textContent).toBe('');
    await advance(10);
    expect(container.textContent).toBe('out');
    await act(() => setup.signIn(client));
    expect(container.textContent).toBe('in');
    await act(() => setup.world.until(client.signOut()));
    expect(container.textContent).toBe('out');
  });

  it('keeps refreshing the session even if no component reads it', async () => {
    const client = setup.open().auth;
    render(<AuthProvider client={client}><p>nothing about sessions</p></AuthProvider>);
    await act(() => setup.signIn(client));
    await advance(LIFETIME_MS * 3);
    expect(setup.api.counts.refreshes).toBeGreaterThanOrEqual(3);
  });

  it('keeps one client from its config alive in StrictMode, and none after unmounting', async () => {
    const tab = setup.world.openTab();
    const { unmount } = render(
      <StrictMode>
        <AuthProvider config={{ protocol: setup.protocol, platform: tab.platform }}>
          <SignedOut>out</SignedOut>
        </AuthProvider>
      </StrictMode>,
    );
    await advance(10);
    expect(screen.getByText('out')).toBeTruthy();
    expect(tab.held()).toMatchObject({ channels: 1, wakeListeners: 1 });
    unmount();
    await advance(1);
    expect(tab.held()).toEqual({ timers: 0, channels: 0, wakeListeners: 0, locks: 0 });
  });

  it.runIf(hasActivity)('works again after the Activity around it was hidden and shown', async () => {
    const config = { protocol: setup.protocol, platform: setup.world.openTab().platform };
    const tree = (mode: 'hidden' | 'visible') => <Activity mode={mode}><AuthProvider config={config}><SignedOut>out</SignedOut><Grab /></AuthProvider></Activity>;
    let client: AuthClient | null = null;
    const Grab = () => {
      const auth = useAuth();
      useEffect(() => {
        client = auth.client;
      });
      return null;
    };
    const { rerender } = render(tree('visible'));
    await advance(10);
    rerender(tree('hidden'));
    await advance(10);
    rerender(tree('visible'));
    await advance(10);
    await act(() => setup.signIn(client!));
    expect(client!.getSnapshot().status).toBe('signedIn');
  });

  it.runIf(hasActivity)('gives effects a client that is not disposed when an Activity shows it again', async () => {
    const config = { protocol: setup.protocol, platform: setup.world.openTab().platform };
    const outcomes: unknown[] = [];
    const Caller = () => {
      const authedFetch = useAuthedFetch();
      useEffect(() => {
        authedFetch('/posts').then(({ status }) => outcomes.push(status), (error: { code: string }) => outcomes.push(error.code));
      }, [authedFetch]);
      return null;
    };
    const tree = (mode: 'hidden' | 'visible') => <Activity mode={mode}><AuthProvider config={config}><Caller /></AuthProvider></Activity>;
    const { rerender } = render(tree('visible'));
    await advance(100);
    rerender(tree('hidden'));
    await advance(100);
    rerender(tree('visible'));
    await advance(100);
    expect(outcomes).toEqual([200, 200]);
  });

  it('does not dispose a client that the app passes', async () => {
    const { auth } = setup.open();
    const { unmount } = render(<AuthProvider client={auth} />);
    await advance(1);
    unmount();
    await setup.signIn(auth);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
  });

  it('accepts a copy of a client that replaces a member', async () => {
    const { auth } = await setup.openSignedIn();
    render(<AuthProvider client={{ ...auth, signOut: () => Promise.resolve() }}><SignedIn>in</SignedIn></AuthProvider>);
    await advance(1);
    expect(screen.getByText('in')).toBeTruthy();
  });

  it('refreshes once in StrictMode, not twice', async () => {
    const first = setup.open();
    await setup.signIn(first.auth);
    first.tab.kill();
    await setup.world.advance(LIFETIME_MS * 2);
    const { auth } = setup.open();
    render(<StrictMode><AuthProvider client={auth}><SignedIn>in</SignedIn></AuthProvider></StrictMode>);
    await advance(1000);
    expect(screen.getByText('in')).toBeTruthy();
    expect(setup.answers('refresh')).toEqual([200]);
  });

  it('throws an error that says what to do when it is missing, gets no client, or gets a protocol or a config as its client', () => {
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const caught: unknown[] = [];
    class Boundary extends Component<{ children: ReactNode }> {
      override state = { failed: false };
      static getDerivedStateFromError = () => ({ failed: true });
      override componentDidCatch(error: unknown) {
        caught.push(error);
      }
      override render() {
        return this.state.failed ? null : this.props.children;
      }
    }
    const Lost = () => <p>{useAuth().status}</p>;
    render(<Boundary><Lost /></Boundary>);
    render(<Boundary><AuthProvider client={undefined as never}><Lost /></AuthProvider></Boundary>);
    render(<Boundary><AuthProvider client={setup.protocol as never}><Lost /></AuthProvider></Boundary>);
    render(<Boundary><AuthProvider client={{ protocol: setup.protocol } as never}><Lost /></AuthProvider></Boundary>);
    expect(caught).toMatchObject([
      { code: 'invalid_config', field: 'AuthProvider', message: expect.stringContaining('wrap the tree') },
      { code: 'invalid_config', field: 'client', message: '`client` or `config` must be passed to <AuthProvider>.' },
      { code: 'invalid_config', field: 'client', message: expect.stringContaining('it is a protocol, so pass it to `createAuthClient({ protocol })` first') },
      { code: 'invalid_config', field: 'client', message: expect.stringContaining('it is a config, so pass it to `createAuthClient` first') },
    ]);
    silent.mockRestore();
  });
});
