import { act, cleanup, render, screen } from '@testing-library/react';
import { AuthProvider, SignedIn, SignedOut, useAccessToken, useAuth, useAuthedFetch, type AuthClient } from 'unexpired';
import * as React from 'react';
import { Component, StrictMode, type ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity, hasActivity } from '../support/activity.tsx';
import { createSetup, LIFETIME_MS, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});
afterEach(cleanup);

const advance = (ms: number) => act(() => setup.world.advance(ms));

async function renderSignedIn(tree: ReactNode, client: AuthClient = setup.open().auth) {
  render(<AuthProvider client={client}>{tree}</AuthProvider>);
  await act(() => setup.signIn(client));
  return client;
}

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
    await renderSignedIn(<p>nothing about sessions</p>);
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
      React.useEffect(() => {
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

  it.runIf(hasActivity)('gives effects a client that is not disposed of when an Activity shows it again', async () => {
    const config = { protocol: setup.protocol, platform: setup.world.openTab().platform };
    const outcomes: unknown[] = [];
    const Caller = () => {
      const authedFetch = useAuthedFetch();
      React.useEffect(() => {
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

  it('does not dispose of a client that it was given', async () => {
    const { auth } = setup.open();
    const { unmount } = render(<AuthProvider client={auth} />);
    await advance(1);
    unmount();
    await setup.signIn(auth);
    expect((await setup.world.until(auth.fetch('/users/me'))).status).toBe(200);
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

  it('throws an error that says what to do when it is missing or gets no client', () => {
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
    expect(caught).toMatchObject([
      { code: 'invalid_config', field: 'AuthProvider', message: expect.stringContaining('wrap the tree') },
      { code: 'invalid_config', field: 'client', message: '`client` or `config` must be passed to <AuthProvider>.' },
    ]);
    silent.mockRestore();
  });
});

describe('useAuth', () => {
  it('signs in and out, and gives the reason why a session ended', async () => {
    const client = setup.open().auth;
    const Account = () => {
      const { status, endReason, signIn, signOut } = useAuth();
      return (
        <>
          <p>{`${status} ${endReason}`}</p>
          <button onClick={() => void signIn(setup.protocol.createBotTokens(['ember']))}>in</button>
          <button onClick={() => void signOut()}>out</button>
        </>
      );
    };
    const { container } = render(<AuthProvider client={client}><Account /></AuthProvider>);
    const text = () => container.querySelector('p')?.textContent;
    expect(text()).toBe('loading null');
    await act(async () => screen.getByText('in').click());
    await advance(100);
    expect(text()).toBe('signedIn null');
    setup.api.endSession({}, 810);
    await advance(LIFETIME_MS);
    expect(text()).toBe('signedOut suspended');
    await act(async () => screen.getByText('in').click());
    await advance(100);
    await act(async () => screen.getByText('out').click());
    await advance(100);
    expect(text()).toBe('signedOut sign_out');
  });
});

describe('a refresh', () => {
  it('re-renders token readers once, and status and fetch readers never', async () => {
    const renders = { status: 0, fetch: 0, token: 0 };
    const StatusReader = () => {
      renders.status++;
      return <p>{useAuth().status}</p>;
    };
    const FetchReader = () => {
      renders.fetch++;
      useAuthedFetch();
      return null;
    };
    const TokenReader = () => {
      renders.token++;
      const { accessToken, expiresAt } = useAccessToken();
      return <p>{`${accessToken === null} ${expiresAt}`}</p>;
    };
    const client = await renderSignedIn(<><StatusReader /><FetchReader /><TokenReader /></>);
    const before = { ...renders };
    for (let refresh = 0; refresh < 3; refresh++) await act(async () => void (await setup.world.until(client.refresh())));
    expect(setup.answers('refresh')).toEqual([200, 200, 200]);
    expect(renders).toEqual({ status: before.status, fetch: before.fetch, token: before.token + 3 });
  });
});

describe('useAccessToken', () => {
  it('shows that a refresh is running, that it failed, and that a later one succeeded', async () => {
    const seen: string[] = [];
    const Freshness = () => {
      const { isRefreshing, error } = useAccessToken();
      seen.push(`${isRefreshing} ${error?.code ?? 'fine'}`);
      return null;
    };
    const client = await renderSignedIn(<Freshness />);
    expect(seen.splice(0)).toEqual(['false fine', 'false fine']); // One render while signed out, one after the sign-in.
    const remove = setup.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 20 });
    const refreshed = client.refresh().catch(() => undefined);
    await advance(5);
    await act(async () => void (await setup.world.until(refreshed)));
    remove();
    const wait = client.getSnapshot().refresh.retryAt! - setup.world.now();
    await advance(wait + 5);
    await advance(1000);
    expect(seen).toEqual(['true fine', 'false refresh_unavailable', 'true fine', 'false fine']);
  });

  it('returns the current token in its first and only render', async () => {
    const client = setup.open().auth;
    await setup.signIn(client);
    const seen: boolean[] = [];
    const Reader = () => {
      seen.push(useAccessToken().accessToken !== null);
      return null;
    };
    render(<AuthProvider client={client}><Reader /></AuthProvider>);
    expect(seen).toEqual([true]);
  });
});

describe('a token that is read only in a handler', () => {
  it('is the current one', async () => {
    const client = setup.open().auth;
    await setup.signIn(client);
    let read: () => string | null = () => null;
    const Reader = () => {
      const token = useAccessToken();
      read = () => token.accessToken;
      return null;
    };
    render(<AuthProvider client={client}><Reader /></AuthProvider>);
    await act(async () => void (await setup.world.until(client.refresh())));
    expect(read()).toBe(client.getSnapshot().tokens?.accessToken);
  });
});

describe('useAuthedFetch', () => {
  it('keeps its identity over renders, refreshes and new interceptors, and uses the latest interceptors', async () => {
    const fetches = new Set<typeof fetch>();
    const used: string[] = [];
    let authedFetch: typeof fetch = fetch;
    const Caller = ({ name }: { name: string }) => {
      authedFetch = useAuthedFetch({ interceptors: [(request, next) => (used.push(name), next(request))] });
      fetches.add(authedFetch);
      return null;
    };
    const client = setup.open().auth;
    const { rerender } = render(<AuthProvider client={client}><Caller name="first" /></AuthProvider>);
    await act(() => setup.signIn(client));
    await setup.world.until(authedFetch('/users/me'));
    rerender(<AuthProvider client={client}><Caller name="second" /></AuthProvider>);
    await act(async () => void (await setup.world.until(client.refresh())));
    await setup.world.until(authedFetch('/users/me'));
    expect(used).toEqual(['first', 'second']);
    expect(fetches.size).toBe(1);
  });

  it('refreshes and retries once after a 450', async () => {
    let authedFetch: typeof fetch = fetch;
    const Caller = () => {
      authedFetch = useAuthedFetch();
      return null;
    };
    await renderSignedIn(<Caller />);
    setup.api.revokeAccessTokens();
    let status = 0;
    await act(async () => void ({ status } = await setup.world.until(authedFetch('/users/me'))));
    expect(status).toBe(200);
    expect(setup.answers('me')).toEqual([401, 200]);
  });
});
