import { act, cleanup, render } from '@testing-library/react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { AuthProvider, SignedIn, type AuthClient } from 'unexpired';
import { AuthQueryProvider, bindQueryClient, useAuthedQuery, useSessionId } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Activity, hasActivity } from '../support/activity.tsx';
import { createTestApp, expectNoForeignData, readName, useRecord, type RenderRecord, type TestApp } from './test-app.tsx';

let app: TestApp;
let records: RenderRecord[];
beforeEach(async () => {
  app = await createTestApp();
  records = [];
});
afterEach(cleanup);

const Name = () => {
  const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch, signal }) => readName(await authedFetch('/users/me', { signal })) });
  useRecord(app, records, me.data);
  return <p>{me.data ?? `nothing (${me.status}, ${me.fetchStatus})`}</p>;
};

describe('an authed query', () => {
  it('sends nothing until the sign-in, then shows the user’s data', async () => {
    const page = app.render(<Name />);
    await app.advance(50);
    expect(page.textContent).toBe('nothing (pending, idle)');
    expect(app.setup.answers('me')).toEqual([]);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    expect(app.setup.answers('me')).toEqual([200]);
  });

  // claim: query-cache-cleared-between-users
  it('shows the next user none of the former user’s data when no sign-out lies between', async () => {
    const page = app.render(<Name />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    await app.signIn('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(records);
    expect(records).toContainEqual({ user: 'cinder', shown: undefined });
  });

  it('is aborted in flight when the user changes, and its answer is never shown', async () => {
    const page = app.render(<Name />);
    app.setup.world.latencyMs = 400;
    await app.signIn('ember');
    await app.until(() => expect(app.queryClient.isFetching()).toBe(1));
    const aborted: string[] = [];
    app.setup.world.onExchange = ({ phase, url }) => phase === 'aborted' && aborted.push(new URL(url).pathname);
    await app.signIn('cinder');
    expect(aborted).toEqual(['/v1/users/me']);
    await app.until(() => expect(page.textContent).toBe('cinder'));
    await app.advance(1000);
    expect(page.textContent).toBe('cinder');
    expectNoForeignData(records);
  });

  it('shows and sends nothing more after the user changes, even if it ignores its signal', async () => {
    const errors: unknown[] = [];
    const IgnoresSignal = () => {
      const names = useAuthedQuery({
        queryKey: ['names'],
        queryFn: async ({ authedFetch }) => {
          const first = await readName(await authedFetch('/users/me'));
          const second = await authedFetch('/users/me').then(readName, (error: unknown) => (errors.push(error), Promise.reject(error)));
          return first === second ? first : `${first} and ${second}`;
        },
      });
      useRecord(app, records, names.data);
      return <p>{names.data}</p>;
    };
    const page = app.render(<IgnoresSignal />);
    app.setup.world.latencyMs = 200;
    await app.signIn('ember');
    await app.advance(50);
    await app.signIn('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(records);
    expect(errors).toMatchObject([{ code: 'session_changed' }]);
  });

  it('loses its data at the sign-out and sends nothing more', async () => {
    const page = app.render(<Name />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    await app.signOut();
    await app.until(() => expect(page.textContent).toBe('nothing (pending, idle)'));
    expectNoForeignData(records);
    expect(JSON.stringify(app.queryClient.getQueryCache().getAll().map(({ state }) => state.data))).toBe('[null]');
    expect(app.setup.answers('me')).toEqual([200]);
  });

  it('loses its data when the API ends the session', async () => {
    const page = app.render(<Name />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    app.setup.api.endSession({}, 810);
    void app.queryClient.invalidateQueries();
    await app.until(() => expect(app.auth.getSnapshot().endReason).toBe('suspended'));
    await app.until(() => expect(page.textContent).toBe('nothing (pending, idle)'));
    expectNoForeignData(records);
  });

  it('keeps no placeholder data of the former user, whatever its key', async () => {
    let turn: (page: number) => void = () => undefined;
    const Paged = () => {
      const [number, setNumber] = useState(1);
      const me = useAuthedQuery({
        queryKey: ['page', number],
        queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')),
        placeholderData: keepPreviousData,
      });
      useEffect(() => {
        turn = setNumber;
      }, []);
      useRecord(app, records, me.data);
      return <p>{me.data ?? 'nothing'}</p>;
    };
    const page = app.render(<Paged />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    app.setup.world.latencyMs = 400;
    act(() => turn(2));
    expect(page.textContent).toBe('ember'); // A placeholder for the second page, which is still loading.
    await app.signIn('cinder');
    expect(page.textContent).toBe('nothing');
    await app.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(records);
  });

  it('may have the session id in its key, and the former user’s key is removed', async () => {
    const Own = () => {
      const user = useSessionId();
      const me = useAuthedQuery({ queryKey: [user, 'me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')), placeholderData: keepPreviousData });
      useRecord(app, records, me.data);
      return <p>{me.data ?? 'nothing'}</p>;
    };
    const page = app.render(<Own />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    await app.signIn('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(records);
    const keys = app.queryClient.getQueryCache().getAll().map(({ queryKey }) => queryKey);
    expect(keys).toEqual([[app.auth.getSnapshot().sessionId, 'me']]);
  });
});

describe("TanStack's own hooks under the provider", () => {
  it('drop the former user’s data and refetch for the next user, even before they show any', async () => {
    let renders = 0;
    const Plain = () => {
      renders++;
      const me = useQuery({ queryKey: ['me'], queryFn: async () => readName(await app.auth.fetch('/users/me')), enabled: true, placeholderData: keepPreviousData });
      return <p>{me.data ?? 'nothing'}</p>;
    };
    await app.signIn('ember');
    app.setup.world.latencyMs = 300;
    const page = app.render(<Plain />);
    await app.advance(50);
    await app.signIn('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder'));
    await app.signIn('ember');
    expect(page.textContent).not.toBe('ember');
    await app.advance(0);
    expect(page.textContent).toBe('nothing');
    await app.until(() => expect(page.textContent).toBe('ember'));
    expect(renders).toBeLessThan(20);
  });

  it('send nothing at the sign-out when they unmount with their user', async () => {
    const Plain = () => <p>{useQuery({ queryKey: ['me'], queryFn: async () => readName(await app.auth.fetch('/users/me')) }).data}</p>;
    await app.signIn('ember');
    const page = app.render(<SignedIn><Plain /></SignedIn>);
    await app.until(() => expect(page.textContent).toBe('ember'));
    await app.signOut();
    await app.advance(500);
    expect(page.textContent).toBe('');
    expect(app.setup.answers('me')).toEqual([200]);
  });
});

describe('bindQueryClient', () => {
  it('follows the session without React, until it is released', async () => {
    const release = bindQueryClient(app.auth, app.queryClient);
    await app.signIn('ember');
    app.queryClient.setQueryData(['me'], 'ember');
    await app.signIn('cinder');
    expect(app.queryClient.getQueryData(['me'])).toBeUndefined();
    app.queryClient.setQueryData(['me'], 'cinder');
    release();
    release();
    await app.signOut();
    expect(app.queryClient.getQueryData(['me'])).toBe('cinder');
  });

  it('works beside the provider on the same query client', async () => {
    bindQueryClient(app.auth, app.queryClient);
    const Plain = () => <p>{useQuery({ queryKey: ['me'], queryFn: async () => readName(await app.auth.fetch('/users/me')) }).data ?? 'nothing'}</p>;
    await app.signIn('ember');
    app.setup.world.latencyMs = 300;
    const page = app.render(<Plain />);
    await app.advance(50);
    await app.signIn('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder'));
  });

  it('clears the former user’s data when the provider mounts again after a change of user, or gets another client', async () => {
    const tree = (client: AuthClient) => (
      <AuthProvider client={client}>
        <AuthQueryProvider queryClient={app.queryClient}><Name /></AuthQueryProvider>
      </AuthProvider>
    );
    await app.signIn('ember');
    const first = render(tree(app.auth));
    await app.until(() => expect(first.container.textContent).toBe('ember'));
    first.unmount();
    await app.signIn('cinder');
    const second = render(tree(app.auth));
    expect(second.container.textContent).not.toBe('ember');
    await app.until(() => expect(second.container.textContent).toBe('cinder'));

    const other = app.setup.open({ storageKey: 'another' }).auth;
    await app.setup.signIn(other, 'ember');
    second.rerender(tree(other));
    expect(second.container.textContent).not.toBe('cinder');
    await app.until(() => expect(second.container.textContent).toBe('ember'));
  });

  it('keeps the data when the same session is bound again', async () => {
    await app.signIn('ember');
    bindQueryClient(app.auth, app.queryClient)();
    app.queryClient.setQueryData(['me'], 'ember');
    bindQueryClient(app.auth, app.queryClient);
    expect(app.queryClient.getQueryData(['me'])).toBe('ember');
  });

  it.runIf(hasActivity)('clears the former user’s data when the user changed while the provider was hidden', async () => {
    const tree = (mode: 'hidden' | 'visible') => (
      <Activity mode={mode}>
        <AuthProvider client={app.auth}>
          <AuthQueryProvider queryClient={app.queryClient}><Name /></AuthQueryProvider>
        </AuthProvider>
      </Activity>
    );
    await app.signIn('ember');
    const { container, rerender } = render(tree('visible'));
    await app.until(() => expect(container.textContent).toBe('ember'));
    rerender(tree('hidden'));
    await app.signIn('cinder');
    rerender(tree('visible'));
    expect(container.textContent).not.toBe('ember');
    await app.until(() => expect(container.textContent).toBe('cinder'));
  });
});
