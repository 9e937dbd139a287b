import { act, cleanup, render, screen } from '@testing-library/react';
import { AuthProvider, useAccessToken, useAuth, useAuthedFetch, type AuthClient } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

describe('useAuth', () => {
  it('signs in and out, and gives the reason why a session ended', async () => {
    const client = setup.open().auth;
    const Account = () => {
      const { status, endReason, signIn, signOut } = useAuth();
      return (
        <>
          <p>{`${status} ${endReason}`}</p>
          <button onClick={() => void signIn(createBotTokens(setup.protocol, ['ember']))}>in</button>
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

describe('useAuth().sessionId', () => {
  it('is null while loading and signed out, stays the same over a refresh, and is new after each sign-in', async () => {
    const seen: (string | null)[] = [];
    const Session = () => {
      seen.push(useAuth().sessionId);
      return null;
    };
    const client = setup.open().auth;
    render(<AuthProvider client={client}><Session /></AuthProvider>);
    await advance(10);
    expect(client.getSnapshot().status).toBe('signedOut');
    await act(() => setup.signIn(client));
    const first = client.getSnapshot().sessionId;
    await act(async () => void (await setup.world.until(client.refresh())));
    expect(setup.answers('refresh')).toEqual([200]);
    await act(() => setup.world.until(client.signOut()));
    await act(() => setup.signIn(client));
    const second = client.getSnapshot().sessionId;
    expect([first, second]).toEqual([expect.any(String), expect.any(String)]);
    expect(second).not.toBe(first);
    expect(seen).toEqual([null, null, first, null, second]); // `null` twice: loading, then signed out.
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

  it.each([3600_000, -3600_000])('returns an expiresAt by the device’s clock, even if that is wrong by %i ms', async (skewMs) => {
    setup.world.skewMs = skewMs;
    const { auth, tab } = setup.open();
    let expiresAt: number | null = null;
    const Reader = () => {
      expiresAt = useAccessToken().expiresAt;
      return null;
    };
    await renderSignedIn(<Reader />, auth);
    const leftMs = expiresAt! - tab.platform.now().wall; // As a component computes it, from Date.now().
    expect(Math.abs(leftMs - LIFETIME_MS)).toBeLessThan(2000);
  });

  it('returns the members that the protocol keeps', async () => {
    const { auth } = setup.open();
    const seen: unknown[] = [];
    const Reader = () => {
      seen.push(useAccessToken().extra);
      return null;
    };
    await renderSignedIn(<Reader />, auth);
    await act(async () => void (await setup.world.until(auth.signIn({ ...auth.getSnapshot().tokens!, extra: { user: 'Ada' } }))));
    expect([seen[0], seen.at(-1)]).toEqual([undefined, { user: 'Ada' }]);
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
  it('makes calls whose session is optional, from the next render on', async () => {
    let authedFetch: typeof fetch = fetch;
    const Caller = ({ isPublic }: { isPublic: boolean }) => {
      authedFetch = useAuthedFetch(isPublic ? { session: 'optional' } : {});
      return null;
    };
    const client = setup.open().auth;
    const post = () => setup.world.until(authedFetch('/users/me/posts', { method: 'POST', body: 'text' }).then(({ status }) => status, (error: { code: string }) => error.code));
    const { rerender } = render(<AuthProvider client={client}><Caller isPublic={false} /></AuthProvider>);
    expect(await post()).toBe('signed_out');
    rerender(<AuthProvider client={client}><Caller isPublic /></AuthProvider>);
    expect(await post()).toBe(401); // The API has received it, and needs a token for this address.
  });

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
