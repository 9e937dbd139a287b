import { act, cleanup, render } from '@testing-library/react';
import { QueryErrorResetBoundary } from '@tanstack/react-query';
import { StrictMode, Suspense, type ReactNode } from 'react';
import { AuthError, AuthProvider, SignedIn } from 'unexpired';
import { AuthQueryProvider, authedQueryOptions, useAuthedSuspenseQuery, useSessionId } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

describe('useAuthedSuspenseQuery', () => {
  const Name = () => {
    const me = useAuthedSuspenseQuery({ queryKey: ['me'], queryFn: async ({ authedFetch, signal }) => readName(await authedFetch('/users/me', { signal })) });
    useRecord(app, records, me.data);
    return <p>{me.data}</p>;
  };
  const Waiting = ({ children }: { children: ReactNode }) => <Suspense fallback="waiting">{children}</Suspense>;

  it('suspends until the session is known and the data has arrived', async () => {
    await app.signIn('ember');
    const page = app.render(<Boundary><Waiting><Name /></Waiting></Boundary>);
    expect(page.textContent).toBe('waiting');
    await app.until(() => expect(page.textContent).toBe('ember'));
    expect(app.setup.answers('me')).toEqual([200]);
  });

  it('starts a client that is not running yet, even if its providers are inside the Suspense boundary', async () => {
    await app.signIn('ember');
    const { auth } = app.setup.open();
    const { container } = render(
      <StrictMode>
        <Waiting>
          <AuthProvider client={auth}>
            <AuthQueryProvider queryClient={app.queryClient}><Plain /></AuthQueryProvider>
          </AuthProvider>
        </Waiting>
      </StrictMode>,
    );
    expect(container.textContent).toBe('waiting');
    await app.until(() => expect(container.textContent).toBe('ember'));
  });
  const Plain = () => <p>{useAuthedSuspenseQuery({ queryKey: ['plain'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }).data}</p>;

  it('throws signed_out to the error boundary, which recovers when it is reset after a sign-in', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const page = app.render(
      <QueryErrorResetBoundary>{({ reset }) => <Boundary onReset={reset}><Waiting><Name /></Waiting></Boundary>}</QueryErrorResetBoundary>,
    );
    await app.until(() => expect(page.textContent).toBe('signed_out'));
    await app.signIn('ember');
    act(() => page.querySelector('button')?.click());
    await app.until(() => expect(page.textContent).toBe('ember'));
  });

  it('does not throw an error from before the sign-in', async () => {
    await app.signOut();
    const page = app.render(<Boundary><SignedIn><Waiting><Name /></Waiting></SignedIn></Boundary>);
    await app.queryClient.prefetchQuery(authedQueryOptions(app.auth, { queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }));
    expect(app.queryClient.getQueryState(['me'])?.error).toMatchObject({ code: 'signed_out' });
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
  });

  it('unmounts under SignedIn without a console error when the user signs out', async () => {
    const complaints = vi.spyOn(console, 'error');
    const page = app.render(<Boundary><SignedIn><Waiting><Name /></Waiting></SignedIn></Boundary>);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    await app.signOut();
    await app.advance(100);
    expect(page.textContent).toBe('');
    expect(complaints).not.toHaveBeenCalled();
  });

  it('throws signed_out to the error boundary when its client is disposed while the session is read', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { auth, tab } = app.setup.open();
    tab.process.freeze(); // Storage never answers.
    const { container } = render(
      <AuthProvider client={auth}>
        <AuthQueryProvider queryClient={app.queryClient}><Boundary><Waiting><Plain /></Waiting></Boundary></AuthQueryProvider>
      </AuthProvider>,
    );
    expect(container.textContent).toBe('waiting');
    act(auth.dispose);
    await app.until(() => expect(container.textContent).toBe('signed_out'));
    expect(app.setup.answers('me')).toEqual([]);
  });

  it('keeps the data of its user when its client is disposed, and fails to refetch it with disposed', async () => {
    const Refetched = () => {
      const me = useAuthedSuspenseQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) });
      return <p>{`${me.data} ${AuthError.is(me.error) ? me.error.code : me.status}`}</p>;
    };
    await app.signIn('ember');
    const page = app.render(<Waiting><Refetched /></Waiting>);
    await app.until(() => expect(page.textContent).toBe('ember success'));
    act(app.auth.dispose);
    await act(() => app.queryClient.invalidateQueries());
    await app.until(() => expect(page.textContent).toBe('ember disposed'));
    expect(app.setup.answers('me')).toEqual([200]);
  });

  it('suspends again for the next user, whether it showed the former one or was still waiting', async () => {
    const page = app.render(<Boundary><SignedIn><Waiting><Name /></Waiting></SignedIn></Boundary>);
    app.setup.world.latencyMs = 300;
    await app.signIn('ember');
    await app.advance(50);
    await app.signIn('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder'));
    await app.signIn('ember');
    expect(page.textContent).toContain('waiting');
    await app.until(() => expect(page.textContent).toBe('ember'));
    expectNoForeignData(records);
  });
});

describe('useSessionId', () => {
  it('as a key unmounts the former user’s tree, which Suspense would only hide', async () => {
    const Name = () => <p>{useAuthedSuspenseQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }).data}</p>;
    const Waiting = () => <Suspense key={useSessionId()} fallback="waiting"><Name /></Suspense>;
    const page = app.render(<SignedIn><Waiting /></SignedIn>);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    app.setup.world.latencyMs = 300;
    await app.signIn('cinder');
    expect(page.textContent).toBe('waiting');
    await app.until(() => expect(page.textContent).toBe('cinder'));
  });
});
