import { act, cleanup, render } from '@testing-library/react';
import { dehydrate, QueryErrorResetBoundary, useQuery } from '@tanstack/react-query';
import { Component, StrictMode, Suspense, useEffect, type ReactNode } from 'react';
import { AuthError, SignedIn } from 'unexpired';
import { AuthQueryProvider, authedQueryOptions, useAuthedInfiniteQuery, useAuthedMutation, useAuthedQuery, useAuthedSuspenseQuery, useSessionId } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rejection } from '../support/scene.ts';
import { createStage, expectNoForeignData, readName, useNotes, type Seen, type Stage } from './stage.tsx';

let stage: Stage;
let notes: Seen[];
beforeEach(async () => {
  stage = await createStage();
  notes = [];
});
afterEach(cleanup);
afterEach(() => {
  vi.restoreAllMocks();
});

class Boundary extends Component<{ children: ReactNode; onReset?: () => void }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError = (error: unknown) => ({ error });
  retry = () => {
    this.props.onReset?.();
    this.setState({ error: null });
  };
  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <button onClick={this.retry}>{AuthError.is(error) ? error.code : String(error)}</button>;
  }
}

describe('useAuthedSuspenseQuery', () => {
  const Name = () => {
    const me = useAuthedSuspenseQuery({ queryKey: ['me'], queryFn: async ({ authedFetch, signal }) => readName(await authedFetch('/users/me', { signal })) });
    useNotes(stage, notes, me.data);
    return <p>{me.data}</p>;
  };
  const Waiting = ({ children }: { children: ReactNode }) => <Suspense fallback="waiting">{children}</Suspense>;

  it('waits until the session is known, then for the data', async () => {
    await stage.enter('ember');
    const page = stage.show(<Boundary><Waiting><Name /></Waiting></Boundary>);
    expect(page.textContent).toBe('waiting');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    expect(stage.scene.answers('me')).toEqual([200]);
  });

  it('starts a client that nobody else has started, when even the providers are below the Suspense', async () => {
    await stage.enter('ember');
    const { auth } = stage.scene.open();
    const { container } = render(
      <StrictMode>
        <Waiting>
          <AuthQueryProvider client={auth} queryClient={stage.queryClient}><Plain /></AuthQueryProvider>
        </Waiting>
      </StrictMode>,
    );
    expect(container.textContent).toBe('waiting');
    await stage.until(() => expect(container.textContent).toBe('ember'));
  });
  const Plain = () => <p>{useAuthedSuspenseQuery({ queryKey: ['plain'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }).data}</p>;

  it('gives the error boundary a signed_out, from which one recovers by signing in', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const page = stage.show(
      <QueryErrorResetBoundary>{({ reset }) => <Boundary onReset={reset}><Waiting><Name /></Waiting></Boundary>}</QueryErrorResetBoundary>,
    );
    await stage.until(() => expect(page.textContent).toBe('signed_out'));
    await stage.enter('ember');
    act(() => page.querySelector('button')?.click());
    await stage.until(() => expect(page.textContent).toBe('ember'));
  });

  it('does not throw what failed before its user had come', async () => {
    await stage.leave();
    const page = stage.show(<Boundary><SignedIn><Waiting><Name /></Waiting></SignedIn></Boundary>);
    await stage.queryClient.prefetchQuery(authedQueryOptions(stage.auth, { queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }));
    expect(stage.queryClient.getQueryState(['me'])?.error).toMatchObject({ code: 'signed_out' });
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
  });

  it('under SignedIn goes quietly when its user signs out', async () => {
    const complaints = vi.spyOn(console, 'error');
    const page = stage.show(<Boundary><SignedIn><Waiting><Name /></Waiting></SignedIn></Boundary>);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.leave();
    await stage.advance(100);
    expect(page.textContent).toBe('');
    expect(complaints).not.toHaveBeenCalled();
  });

  it('suspends again for a new user, whether it had shown the old one or was still waiting', async () => {
    const page = stage.show(<Boundary><SignedIn><Waiting><Name /></Waiting></SignedIn></Boundary>);
    stage.scene.world.latencyMs = 300;
    await stage.enter('ember');
    await stage.advance(50);
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    await stage.enter('ember');
    expect(page.textContent).toContain('waiting');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    expectNoForeignData(notes);
  });
});

describe('useSessionId', () => {
  it('as a key takes even what a Suspense would only have hidden', async () => {
    const Name = () => <p>{useAuthedSuspenseQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }).data}</p>;
    const Waiting = () => <Suspense key={useSessionId()} fallback="waiting"><Name /></Suspense>;
    const page = stage.show(<SignedIn><Waiting /></SignedIn>);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    stage.scene.world.latencyMs = 300;
    await stage.enter('cinder');
    expect(page.textContent).toBe('waiting');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
  });
});

describe('useAuthedInfiniteQuery', () => {
  it('gets page after page, and starts over for a new user', async () => {
    let more: () => Promise<unknown> = async () => undefined;
    const Pages = () => {
      const pages = useAuthedInfiniteQuery({
        queryKey: ['pages'],
        queryFn: async ({ authedFetch, pageParam, signal }) => `${await readName(await authedFetch('/users/me', { signal }))} ${pageParam}`,
        initialPageParam: 1,
        getNextPageParam: (_last, all) => all.length + 1,
      });
      useEffect(() => {
        more = pages.fetchNextPage;
      });
      useNotes(stage, notes, pages.data?.pages[0]?.split(' ')[0]);
      return <p>{pages.data?.pages.join(', ')}</p>;
    };
    const page = stage.show(<Pages />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember 1'));
    act(() => void more());
    await stage.until(() => expect(page.textContent).toBe('ember 1, ember 2'));
    act(() => void more().catch(() => undefined));
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder 1'));
    expectNoForeignData(notes);
  });
});

describe('authedQueryOptions', () => {
  const meOf = ({ auth }: Stage) => authedQueryOptions(auth, { queryKey: ['me'], queryFn: async ({ authedFetch, signal }) => readName(await authedFetch('/users/me', { signal })), staleTime: Infinity });

  it('let a loader fetch before anything renders, and the component show it without asking again', async () => {
    await stage.enter('ember');
    const me = meOf(stage);
    await expect(stage.scene.world.until(stage.queryClient.ensureQueryData(me))).resolves.toBe('ember');
    const Shown = () => <p>{useAuthedQuery(me).data}{useQuery(me).data}{useAuthedSuspenseQuery(me).data}</p>;
    const page = stage.show(<Shown />);
    expect(page.textContent).toBe('emberemberember');
    await stage.advance(500);
    expect(stage.scene.answers('me')).toEqual([200]);
    expect(stage.queryClient.getQueryData(me.queryKey)).toBe('ember');
  });

  it('wait for a session that is still being read from storage', async () => {
    await stage.enter('ember');
    const { auth } = stage.scene.open();
    const loaded = stage.queryClient.fetchQuery(meOf({ ...stage, auth }));
    expect(auth.getSnapshot().status).toBe('loading');
    await expect(stage.scene.world.until(loaded)).resolves.toBe('ember');
  });

  it('reject at once while nobody is signed in, so that a loader can redirect', async () => {
    await stage.leave();
    expect(await rejection(stage.queryClient.ensureQueryData(meOf(stage)))).toMatchObject({ code: 'signed_out', endReason: 'sign_out' });
    expect(stage.scene.answers('me')).toEqual([]);
  });

  it('prefetched while nobody is signed in are fetched when somebody is', async () => {
    await stage.leave();
    await stage.queryClient.prefetchQuery(meOf(stage));
    const Shown = () => <p>{useAuthedQuery(meOf(stage)).data}</p>;
    const page = stage.show(<Shown />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
  });

  it('work in useQuery, too: signed_out until somebody signs in', async () => {
    await stage.leave();
    const Shown = () => {
      const { data, error } = useQuery(meOf(stage));
      return <p>{data ?? (AuthError.is(error) && error.code)}</p>;
    };
    const page = stage.show(<Shown />);
    await stage.until(() => expect(page.textContent).toBe('signed_out'));
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
  });

  it.each(['before', 'while'])('settle a loader whose client is disposed of %s it asks who is signed in', async (moment) => {
    const { auth, tab } = stage.scene.open({}, {});
    tab.life.freeze(); // No answer of storage ever comes.
    if (moment === 'before') auth.dispose();
    const loaded = rejection(stage.queryClient.fetchQuery(meOf({ ...stage, auth })));
    auth.dispose();
    expect(await loaded).toMatchObject({ code: 'signed_out' });
  });

  it('settle a loader whose user goes meanwhile', async () => {
    stage.show(null);
    await stage.enter('ember');
    stage.scene.world.latencyMs = 300;
    const loaded = rejection(stage.queryClient.ensureQueryData(meOf(stage)));
    await stage.advance(50);
    await stage.enter('cinder');
    expect(await loaded).toMatchObject({ message: 'CancelledError' });
    expect(stage.queryClient.getQueryData(['me'])).toBeUndefined();
  });
});

describe('the hooks', () => {
  it('say what to do where their provider is missing', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const Lost = () => <p>{useAuthedQuery({ queryKey: ['me'], queryFn: () => 'me' }).data}</p>;
    expect(render(<Boundary><Lost /></Boundary>).container.textContent).toBe('invalid_config');
  });

  // claim: no-token-in-a-query-key
  it('put a token into no key, no state and no error', async () => {
    const errors: unknown[] = [];
    let publish: (text: string) => void = () => undefined;
    const Everything = () => {
      const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')), retry: false });
      const write = useAuthedMutation({
        mutationKey: ['publish'],
        mutationFn: (text: string, { authedFetch }) => authedFetch('https://elsewhere.test/', { method: 'POST', body: text }),
        onError: (error) => void errors.push(error),
      });
      useEffect(() => {
        publish = write.mutate;
      });
      return <p>{me.data ?? me.status}</p>;
    };
    const page = stage.show(<Everything />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    stage.scene.world.indiscreet = true;
    stage.scene.world.faultOf = () => 'dropBefore';
    stage.scene.api.revokeAccessTokens();
    act(() => publish('hello'));
    void stage.queryClient.invalidateQueries();
    await stage.until(() => expect(stage.queryClient.getQueryState(['me'])?.status).toBe('error'));
    await stage.until(() => expect(errors).toMatchObject([{ code: 'origin_not_allowed' }]));
    errors.push(stage.queryClient.getQueryState(['me'])?.error);
    const everything = dehydrate(stage.queryClient, { shouldDehydrateQuery: () => true, shouldDehydrateMutation: () => true });
    const told = JSON.stringify([everything, page.innerHTML, errors.map((error) => tell(error))]);
    expect(told).toContain('publish');
    expect(stage.secrets.length).toBeGreaterThan(3);
    for (const secret of stage.secrets) expect(told).not.toContain(secret);
  });
});

/** All that an error tells, its causes included. */
function tell(error: unknown): unknown {
  return error instanceof Error ? [{ ...error }, error.message, error.stack, tell(error.cause)] : error;
}
