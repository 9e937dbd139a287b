import { act, cleanup, render } from '@testing-library/react';
import { dehydrate, useQuery } from '@tanstack/react-query';
import { createRef, useEffect, type ReactNode } from 'react';
import { AuthError, AuthProvider } from 'unexpired';
import { AuthQueryProvider, authedQueryOptions, useAuthedInfiniteQuery, useAuthedMutation, useAuthedQuery, useAuthedSuspenseQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rejection } from '../support/setup.ts';
import { Boundary } from './boundary.tsx';
import { createTestApp, expectNoForeignData, readName, useRecord, type RenderRecord, type TestApp } from './test-app.tsx';

let app: TestApp;
let records: RenderRecord[];
beforeEach(async () => {
  app = await createTestApp();
  records = [];
});
afterEach(cleanup);
afterEach(() => {
  vi.restoreAllMocks();
});

describe('useAuthedInfiniteQuery', () => {
  it('loads page after page and starts over for the next user', async () => {
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
      useRecord(app, records, pages.data?.pages[0]?.split(' ')[0]);
      return <p>{pages.data?.pages.join(', ')}</p>;
    };
    const page = app.render(<Pages />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember 1'));
    act(() => void more());
    await app.until(() => expect(page.textContent).toBe('ember 1, ember 2'));
    act(() => void more().catch(() => undefined));
    await app.signIn('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder 1'));
    expectNoForeignData(records);
  });
});

describe('authedQueryOptions', () => {
  const meOf = ({ auth }: TestApp) => authedQueryOptions(auth, { queryKey: ['me'], queryFn: async ({ authedFetch, signal }) => readName(await authedFetch('/users/me', { signal })), staleTime: Infinity });

  it('lets a loader fetch before the first render and a component show the data without another request', async () => {
    await app.signIn('ember');
    const me = meOf(app);
    await expect(app.setup.world.until(app.queryClient.ensureQueryData(me))).resolves.toBe('ember');
    const Shown = () => <p>{useAuthedQuery(me).data}{useQuery(me).data}{useAuthedSuspenseQuery(me).data}</p>;
    const page = app.render(<Shown />);
    expect(page.textContent).toBe('emberemberember');
    await app.advance(500);
    expect(app.setup.answers('me')).toEqual([200]);
    expect(app.queryClient.getQueryData(me.queryKey)).toBe('ember');
  });

  it('calls its function in the turn of the fetch, once the session is known', async () => {
    await app.signIn('ember');
    const queryFn = vi.fn(() => 'ember');
    void app.queryClient.prefetchQuery(authedQueryOptions(app.auth, { queryKey: ['now'], queryFn }));
    expect(queryFn).toHaveBeenCalledOnce();
  });

  it('waits for a session that is still being read from storage', async () => {
    await app.signIn('ember');
    const { auth } = app.setup.open();
    const loaded = app.queryClient.fetchQuery(meOf({ ...app, auth }));
    expect(auth.getSnapshot().status).toBe('loading');
    await expect(app.setup.world.until(loaded)).resolves.toBe('ember');
  });

  it('rejects at once while signed out, so that a loader can redirect', async () => {
    await app.signOut();
    expect(await rejection(app.queryClient.ensureQueryData(meOf(app)))).toMatchObject({ code: 'signed_out', endReason: 'sign_out' });
    expect(app.setup.answers('me')).toEqual([]);
  });

  it('fetches after the sign-in what was prefetched while signed out', async () => {
    await app.signOut();
    await app.queryClient.prefetchQuery(meOf(app));
    const Shown = () => <p>{useAuthedQuery(meOf(app)).data}</p>;
    const page = app.render(<Shown />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
  });

  it('works in useQuery, which fails with signed_out until the sign-in', async () => {
    await app.signOut();
    const Shown = () => {
      const { data, error } = useQuery(meOf(app));
      return <p>{data ?? (AuthError.is(error) && error.code)}</p>;
    };
    const page = app.render(<Shown />);
    await app.until(() => expect(page.textContent).toBe('signed_out'));
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
  });

  it.each(['before', 'while'])('rejects with disposed if its client is disposed %s the session is read', async (moment) => {
    const { auth, tab } = app.setup.open({}, {});
    tab.process.freeze(); // Storage never answers.
    if (moment === 'before') auth.dispose();
    const loaded = rejection(app.queryClient.fetchQuery(meOf({ ...app, auth })));
    auth.dispose();
    expect(await loaded).toMatchObject({ code: 'disposed' });
    expect(app.setup.answers('me')).toEqual([]);
  });

  it('cancels a loader when the user changes before the answer arrives', async () => {
    app.render(null);
    await app.signIn('ember');
    app.setup.world.latencyMs = 300;
    const loaded = rejection(app.queryClient.ensureQueryData(meOf(app)));
    await app.advance(50);
    await app.signIn('cinder');
    expect(await loaded).toMatchObject({ message: 'CancelledError' });
    expect(app.queryClient.getQueryData(['me'])).toBeUndefined();
  });
});

describe('AuthQueryProvider', () => {
  it('throws an error that says what to do outside an AuthProvider', () => {
    expect(errorOf(<AuthQueryProvider queryClient={app.queryClient} />)).toMatchObject({
      code: 'invalid_config',
      field: 'AuthProvider',
      message: expect.stringContaining('wrap the tree'),
    });
  });
});

describe('the hooks of unexpired/query', () => {
  it('throw an error that says what to do outside an AuthQueryProvider', () => {
    const Lost = () => <p>{useAuthedQuery({ queryKey: ['me'], queryFn: () => 'me' }).data}</p>;
    expect(errorOf(<AuthProvider client={app.auth}><Lost /></AuthProvider>)).toMatchObject({
      code: 'invalid_config',
      field: 'AuthQueryProvider',
      message: expect.stringContaining('put one inside <AuthProvider>'),
    });
  });

  it('call a query function of the defaults only while a user is signed in', async () => {
    const queryFn = vi.fn(() => app.userOf(app.auth.getSnapshot().sessionId) ?? 'nobody');
    app.queryClient.setQueryDefaults(['me'], { queryFn });
    const Name = () => <p>{useAuthedQuery({ queryKey: ['me'] }).data as string}</p>;
    const page = app.render(<Name />);
    await app.advance(100);
    expect(queryFn).not.toHaveBeenCalled();
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    await app.signOut();
    await app.advance(100);
    expect(page.textContent).toBe('');
    expect(new Set(queryFn.mock.results.map(({ value }) => value))).toEqual(new Set(['ember']));
  });

  // claim: no-token-in-a-query-key
  it('put no token into a query key, a state or an error', async () => {
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
    const page = app.render(<Everything />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    app.setup.world.errorsQuoteInput = true;
    app.setup.world.faultOf = () => 'dropBefore';
    app.setup.api.revokeAccessTokens();
    act(() => publish('hello'));
    void app.queryClient.invalidateQueries();
    await app.until(() => expect(app.queryClient.getQueryState(['me'])?.status).toBe('error'));
    await app.until(() => expect(errors).toMatchObject([{ code: 'origin_not_allowed' }]));
    errors.push(app.queryClient.getQueryState(['me'])?.error);
    const everything = dehydrate(app.queryClient, { shouldDehydrateQuery: () => true, shouldDehydrateMutation: () => true });
    const text = JSON.stringify([everything, page.innerHTML, errors.map((error) => contentOf(error))]);
    expect(text).toContain('publish');
    expect(app.secrets.length).toBeGreaterThan(3);
    for (const secret of app.secrets) expect(text).not.toContain(secret);
  });
});

/** Renders a tree and returns the error that it throws. */
function errorOf(tree: ReactNode): unknown {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const boundary = createRef<Boundary>();
  render(<Boundary ref={boundary}>{tree}</Boundary>);
  return boundary.current?.state.error;
}

/** Everything that an error contains, its causes included. */
function contentOf(error: unknown): unknown {
  return error instanceof Error ? [{ ...error }, error.message, error.stack, contentOf(error.cause)] : error;
}
